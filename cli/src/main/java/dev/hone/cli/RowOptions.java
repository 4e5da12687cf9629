package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.data.Columns;
import dev.hone.task.TaskConfiguration;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;

/** How labelled rows are read: what their columns are called, and what the model's labels are. */
final class RowOptions {
    @Option(
            names = "--column",
            paramLabel = "ROLE=NAME",
            split = ",",
            description = "Columns by other names, such as text=content,label=stars.")
    private List<String> columns = List.of();

    @Option(
            names = "--labels",
            paramLabel = "A,B",
            split = ",",
            description = "The model's labels in the order of its logits; default: id2label of config.json.")
    private List<String> labels = List.of();

    /** @throws dev.hone.HoneException of category {@code USAGE} for an unknown role */
    Columns columns() {
        return Columns.parse(columns);
    }

    /** What a model's files say of its task, with the labels that were given. */
    TaskConfiguration configuration(Path model) {
        List<String> twice = labels.stream()
                .filter(label -> Collections.frequency(labels, label) > 1)
                .distinct()
                .toList();
        if (!twice.isEmpty()) {
            throw new HoneException(
                    Category.USAGE,
                    "--labels: " + String.join(", ", twice)
                            + " stands there more than once; name each logit's own label");
        }
        TaskConfiguration read = TaskConfiguration.read(model);
        return labels.isEmpty() ? read : read.withLabels(labels);
    }
}
