package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.tokenize.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Tells which tokens fit the masked places of a text. Safe for concurrent calls. */
public final class MaskFiller implements AutoCloseable {
    private static final String TASK = "filling masks";
    private static final String LOGITS = "logits";

    // Each token has logits as wide as the vocabulary: 256 tokens of 30,522 floats are 31 MB.
    private static final int TOKEN_BUDGET = 256;
    private static final List<String> USUAL_MASKS = List.of("[MASK]", "<mask>");

    private final TextModel model;
    private final String maskToken;
    private final int mask;

    MaskFiller(TextModel model) {
        this.model = model;
        model.require(TASK, LOGITS);
        this.maskToken = model.tokenizer()
                .description()
                .maskToken()
                .or(() -> USUAL_MASKS.stream()
                        .filter(token -> model.tokenizer().idOf(token) >= 0)
                        .findFirst())
                .orElseThrow(() -> new HoneException(
                        Category.CHECKPOINT,
                        "the tokenizer names no mask token; add mask_token to tokenizer_config.json"));
        this.mask = model.tokenizer().idOf(maskToken);
    }

    /** How a masked place is written in a text, for example {@code [MASK]}. */
    public String maskToken() {
        return maskToken;
    }

    /**
     * The {@code count} best tokens for each masked place of each text.
     *
     * @throws HoneException of category {@code INPUT} when a text has no masked place within the maximum length
     */
    public List<MaskFilling> fill(List<String> texts, int count) {
        return model.answer(texts.stream().map(TextInput::of).toList(), TOKEN_BUDGET, reading(count));
    }

    /** The {@code count} best tokens for each masked place of one text. */
    public MaskFilling fill(String text, int count) {
        return fill(List.of(text), count).getFirst();
    }

    /** As {@link #fill(List, int)}, each answer made when it is asked for. */
    public Stream<MaskFilling> fill(Stream<String> texts, int count) {
        return model.stream(texts.map(TextInput::of), TOKEN_BUDGET, reading(count));
    }

    private TextModel.Reading<MaskFilling> reading(int count) {
        return (input, encoding, outputs) -> read(input, encoding, outputs, count);
    }

    private MaskFilling read(TextInput input, Encoding encoding, SequenceOutputs outputs, int count) {
        var masks = new ArrayList<List<Candidate>>();
        OutputRows logits = outputs.tokenRows(TASK, LOGITS);
        if (logits.width() <= mask) {
            throw TextModel.unfit(
                    TASK,
                    "a row of its output " + LOGITS + " has " + logits.width() + " values, fewer than the vocabulary");
        }
        for (int token = 0; token < encoding.length(); token++) {
            if (encoding.ids()[token] == mask) {
                masks.add(candidates(logits.row(token), count));
            }
        }
        if (masks.isEmpty()) {
            throw new HoneException(
                    Category.INPUT,
                    "the text has no " + maskToken + " within its first " + model.maximumLength()
                            + " tokens; write it where a token is to be filled in");
        }
        return new MaskFilling(input.text(), masks);
    }

    private List<Candidate> candidates(float[] logits, int count) {
        double[] scores = Scores.softmax(logits);
        return Scores.top(logits, count).stream()
                .map(id ->
                        new Candidate(model.tokenizer().decode(new int[] {id}).strip(), scores[id]))
                .toList();
    }

    @Override
    public void close() {
        model.close();
    }
}
