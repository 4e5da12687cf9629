package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the tasks need to know of a model beside its outputs.
 *
 * @param architecture the class name in config.json, for example {@code BertForTokenClassification}; empty when unknown
 * @param labels names of the labels in the order of the logits; empty when the model does not name them
 * @param problemType what the logits stand for, where the model says it
 * @param maximumLength most tokens of a text, special tokens included
 * @param pooling how vectors of tokens become the vector of a text, where the encoder does not do it
 */
public record TaskConfiguration(
        String architecture,
        List<String> labels,
        Optional<ProblemType> problemType,
        int maximumLength,
        Pooling pooling) {
    public TaskConfiguration {
        labels = List.copyOf(labels);
    }

    /**
     * Reads config.json, tokenizer_config.json, sentence_bert_config.json and modules.json where they are there.
     *
     * <p>The maximum length is the least of what the files state. Where none states one for texts, it is two less than
     * the number of positions: architectures that number positions from the padding id need them.
     *
     * @param model a model directory, or an ONNX file with the other files beside it
     * @throws HoneException of category {@code CHECKPOINT} when one of the files is damaged
     */
    public static TaskConfiguration read(Path model) {
        return new ConfigurationFiles(model).read();
    }

    /** The same with texts cut to fewer tokens. */
    public TaskConfiguration withMaximumLength(int most) {
        return new TaskConfiguration(architecture, labels, problemType, Math.min(maximumLength, most), pooling);
    }

    /** The same with labels by other names, in the order of the logits. */
    public TaskConfiguration withLabels(List<String> names) {
        return new TaskConfiguration(architecture, names, problemType, maximumLength, pooling);
    }

    /** What the model was trained for, as far as the name of its architecture tells. */
    public Optional<TaskKind> task() {
        if (architecture.endsWith("ForSequenceClassification")) {
            return Optional.of(TaskKind.CLASSIFICATION);
        }
        if (architecture.endsWith("ForTokenClassification")) {
            return Optional.of(TaskKind.TOKENS);
        }
        if (architecture.endsWith("ForQuestionAnswering")) {
            return Optional.of(TaskKind.QUESTION);
        }
        if (architecture.endsWith("ForMaskedLM")) {
            return Optional.of(TaskKind.MASK);
        }
        return architecture.endsWith("Model") ? Optional.of(TaskKind.EMBEDDING) : Optional.empty();
    }

    /** Name of a label; {@code LABEL_3} and so on where the model names none. */
    String label(int index, int count) {
        if (labels.isEmpty()) {
            return "LABEL_" + index;
        }
        if (labels.size() != count) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    labels.size() + " labels are named by id2label of config.json or by --labels, but the model gives "
                            + count + " logits; name one for each");
        }
        return labels.get(index);
    }
}
