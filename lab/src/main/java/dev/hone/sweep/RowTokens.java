package dev.hone.sweep;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.calibrate.TokenTexts;
import dev.hone.evaluate.data.Example;
import dev.hone.session.TokenBatch;
import dev.hone.tokenize.TextTokenizer;
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
        try (TextTokenizer tokenizer = TextTokenizer.open(subject.folder())) {
            return TokenTexts.encoded(
                    subject.calibrationRows().stream()
                            .limit(most)
                            .map(Example::input)
                            .toList(),
                    tokenizer,
                    longest);
        }
    }
}
