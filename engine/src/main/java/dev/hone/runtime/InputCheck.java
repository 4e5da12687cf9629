package dev.hone.runtime;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;

/** Refuses batches that would read outside a table; machine code checks nothing. */
final class InputCheck {
    private InputCheck() {}

    static void check(PlanSource.Limits limits, int[][] ids, int[][] types) {
        require(ids.length > 0, "the batch is empty; give at least one sequence");
        require(ids.length == types.length, ids.length + " sequences of ids but " + types.length + " of types");
        for (int sequence = 0; sequence < ids.length; sequence++) {
            checkSequence(limits, sequence, ids[sequence], types[sequence]);
        }
    }

    private static void checkSequence(PlanSource.Limits limits, int sequence, int[] ids, int[] types) {
        require(ids.length > 0, "sequence " + sequence + " has no tokens");
        require(
                ids.length == types.length,
                "sequence " + sequence + " has " + ids.length + " ids but " + types.length + " types");
        require(
                ids.length <= limits.maximumLength(),
                "sequence " + sequence + " has " + ids.length + " tokens, the model takes at most "
                        + limits.maximumLength() + "; truncate the text");
        for (int token = 0; token < ids.length; token++) {
            if (ids[token] < 0 || ids[token] >= limits.vocabulary()) {
                throw outside(sequence, token, "id " + ids[token], "vocabulary of " + limits.vocabulary());
            }
            if (types[token] < 0 || types[token] >= limits.tokenTypes()) {
                throw outside(sequence, token, "type " + types[token], "model's " + limits.tokenTypes() + " types");
            }
        }
    }

    private static HoneException outside(int sequence, int token, String what, String where) {
        return new HoneException(
                Category.INPUT,
                "sequence " + sequence + ", token " + token + ": " + what + " is outside the " + where
                        + "; is this the model's own tokenizer?");
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new HoneException(Category.INPUT, complaint);
        }
    }
}
