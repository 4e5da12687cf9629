package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Four steps of one word each for bytes on processors that multiply two rows with two columns in one instruction, eight
 * bytes of each. Rows are taken in pairs; a last one alone is multiplied as {@link LaneStep} does it.
 *
 * <p>Until {@link #arranged}, the sums of the first row of a pair are those of both rows with the first two columns of
 * each vector, and the sums of the second row those with the last two.
 */
final class MatrixStep implements InnerStep {
    private static final int WORDS = 4;

    private static final List<Integer> FIRST_HALVES = List.of(0, 1, 4, 5);
    private static final List<Integer> SECOND_HALVES = List.of(2, 3, 6, 7);
    /** Of two words of four columns: both words of the first column, then of the second. */
    private static final List<Integer> FIRST_COLUMNS = List.of(0, 4, 1, 5);

    private static final List<Integer> LAST_COLUMNS = List.of(2, 6, 3, 7);

    private final FunctionEmitter code;
    private final WordProduct words;
    private final NeonProduct neon;

    MatrixStep(FunctionEmitter code) {
        this.code = code;
        this.words = new WordProduct(code, LinearProduct.BYTES, WORDS);
        this.neon = new NeonProduct(code);
    }

    @Override
    public Type sums() {
        return words.sums();
    }

    @Override
    public int count() {
        return WORDS;
    }

    @Override
    public List<Value> emit(List<Value> rows, Value number, Value line, List<Value> sums, int vectors) {
        List<List<Value>> pairs = new ArrayList<>();
        for (int row = 0; row + 1 < rows.size(); row += 2) {
            pairs.add(pair(code.element(rows.get(row), number), code.element(rows.get(row + 1), number)));
        }
        boolean alone = rows.size() % 2 == 1;
        List<List<Value>> last = alone ? words.inputs(code.element(rows.getLast(), number)) : List.of();
        List<Value> next = new ArrayList<>(sums);
        for (int vector = 0; vector < 2 * vectors; vector++) {
            int half = vector / vectors;
            int index = vector % vectors;
            Value first = weights(line, vector + half * vectors);
            Value second = weights(line, vector + (half + 1) * vectors);
            Value left = code.shuffle(first, second, FIRST_COLUMNS);
            Value right = code.shuffle(first, second, LAST_COLUMNS);
            for (int pair = 0; pair < pairs.size(); pair++) {
                int at = 2 * pair * vectors + index;
                Value input = pairs.get(pair).get(half);
                next.set(at, neon.matrix(next.get(at), input, left));
                next.set(at + vectors, neon.matrix(next.get(at + vectors), input, right));
            }
            if (alone) {
                int at = sums.size() - vectors + index;
                Value some = words.accumulate(last.get(2 * half), List.of(first), next.get(at));
                next.set(at, words.accumulate(last.get(2 * half + 1), List.of(second), some));
            }
        }
        return next;
    }

    @Override
    public List<Value> arranged(List<Value> sums, int vectors) {
        List<Value> rows = new ArrayList<>(sums);
        int paired = sums.size() / (2 * vectors) * 2 * vectors;
        for (int first = 0; first < paired; first += 2 * vectors) {
            for (int at = first; at < first + vectors; at++) {
                rows.set(at, code.shuffle(sums.get(at), sums.get(at + vectors), FIRST_HALVES));
                rows.set(at + vectors, code.shuffle(sums.get(at), sums.get(at + vectors), SECOND_HALVES));
            }
        }
        return rows;
    }

    /** Eight bytes of one row and of the other, twice. */
    private List<Value> pair(Value first, Value second) {
        Value upper = code.load(sums(), first);
        Value lower = code.load(sums(), second);
        return List.of(code.shuffle(upper, lower, FIRST_HALVES), code.shuffle(upper, lower, SECOND_HALVES));
    }

    private Value weights(Value line, int vector) {
        return code.load(sums(), code.offset(line, (long) Integer.BYTES * WORDS * vector));
    }
}
