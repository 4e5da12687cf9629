package dev.hone.task;

import dev.hone.tokenize.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gives texts, or pairs of texts, one of the labels that the model knows.
 *
 * <p>Scores follow transformers: softmax over several labels; a sigmoid for each label where any number of them may be
 * right, or where there is only one label; the value itself for regression. Safe for concurrent calls.
 */
public final class TextClassifier implements AutoCloseable {
    private static final String TASK = "text classification";
    private static final String LOGITS = "logits";

    private final TextModel model;

    TextClassifier(TextModel model) {
        this.model = model;
        model.require(TASK, LOGITS);
    }

    /** All labels of each text, in the order of the texts. */
    public List<Classification> classify(List<String> texts) {
        return classifyInputs(texts.stream().map(TextInput::of).toList());
    }

    /** The labels of one text. */
    public Classification classify(String text) {
        return classify(List.of(text)).getFirst();
    }

    /** The labels of a pair of texts. */
    public Classification classify(String first, String second) {
        return classifyInputs(List.of(TextInput.pair(first, second))).getFirst();
    }

    /** As {@link #classify(List)} for texts and pairs. */
    public List<Classification> classifyInputs(List<TextInput> inputs) {
        return model.answer(inputs, TextModel.TOKEN_BUDGET, this::read);
    }

    /** As {@link #classifyInputs(List)}, each answer made when it is asked for. */
    public Stream<Classification> classify(Stream<TextInput> inputs) {
        return model.stream(inputs, TextModel.TOKEN_BUDGET, this::read);
    }

    /** What the model gives for each text as it is: one value a label, in the order of the model's labels. */
    public List<float[]> logits(List<TextInput> inputs) {
        return model.answer(inputs, TextModel.TOKEN_BUDGET, (_, _, outputs) -> outputs.textRow(TASK, LOGITS));
    }

    private Classification read(TextInput input, Encoding encoding, SequenceOutputs outputs) {
        float[] logits = outputs.textRow(TASK, LOGITS);
        double[] scores = scores(logits);
        var labels = new ArrayList<LabelScore>();
        for (int label = 0; label < scores.length; label++) {
            labels.add(new LabelScore(model.configuration().label(label, scores.length), scores[label]));
        }
        labels.sort(Comparator.comparingDouble(LabelScore::score).reversed());
        return new Classification(labels);
    }

    private double[] scores(float[] logits) {
        ProblemType problem = model.configuration()
                .problemType()
                .orElse(logits.length == 1 ? ProblemType.MULTI_LABEL : ProblemType.SINGLE_LABEL);
        return switch (problem) {
            case SINGLE_LABEL -> Scores.softmax(logits);
            case MULTI_LABEL -> Scores.sigmoids(logits);
            case REGRESSION -> Scores.widen(logits);
        };
    }

    @Override
    public void close() {
        model.close();
    }
}
