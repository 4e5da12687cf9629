package dev.hone.sweep;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.data.Example;
import dev.hone.session.TokenBatch;
import dev.hone.task.TextInput;
import dev.hone.tokenize.Encoding;
import dev.hone.tokenize.TextTokenizer;
import java.util.ArrayList;
import java.util.List;

/** The texts of rows as token ids, each by itself. */
final class RowTokens {
    /** Longer texts are cut: measured values of one run must fit the memory budget. */
    private static final int LONGEST = 384;

    private RowTokens() {}

    /**
     * The first rows that ranges are measured on.
     *
     * @throws HoneException of category {@code INPUT} when there are none
     */
    static List<TokenBatch> of(SweepSubject subject, int most) {
        if (subject.calibrationRows().isEmpty()) {
            throw new HoneException(
                    Category.INPUT,
                    "no row is left to measure ranges on, since all are evaluated; lower samples in the sweep file");
        }
        int longest = Math.min(LONGEST, subject.configuration().maximumLength());
        List<TokenBatch> batches = new ArrayList<>();
        try (TextTokenizer tokenizer = TextTokenizer.open(subject.folder())) {
            subject.calibrationRows().stream().limit(most).forEach(row -> {
                TextInput input = input(row);
                String second = input.second();
                Encoding encoding = second == null
                        ? tokenizer.encode(input.text(), longest)
                        : tokenizer.encode(input.text(), second, longest);
                batches.add(new TokenBatch(new int[][] {encoding.ids()}, new int[][] {encoding.types()}));
            });
        }
        return batches;
    }

    private static TextInput input(Example example) {
        return switch (example) {
            case Example.Labelled labelled -> labelled.input();
            case Example.Graded graded -> graded.input();
            case Example.Tagged tagged -> TextInput.of(String.join(" ", tagged.words()));
            case Example.Asked asked ->
                TextInput.pair(asked.question().question(), asked.question().context());
        };
    }
}
