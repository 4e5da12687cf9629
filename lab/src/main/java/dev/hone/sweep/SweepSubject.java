package dev.hone.sweep;

import dev.hone.checkpoint.ModelDirectory;
import dev.hone.evaluate.Judge;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.optimize.Metric;
import dev.hone.optimize.ModelChecksum;
import dev.hone.optimize.SearchRows;
import dev.hone.task.TaskConfiguration;
import java.nio.file.Path;
import java.util.List;

/**
 * The model, the rows and how they are asked.
 *
 * @param configuration what the model's files say of its task
 * @param rows that every setting answers
 * @param calibrationRows that ranges are measured on; none of the others
 * @param batch rows of a call
 */
public record SweepSubject(
        Path model,
        TaskConfiguration configuration,
        DataTask task,
        List<Example> rows,
        List<Example> calibrationRows,
        int threads,
        int batch) {
    public SweepSubject {
        rows = List.copyOf(rows);
        calibrationRows = List.copyOf(calibrationRows);
    }

    /** How right answers are. */
    public Judge judge() {
        return Judge.of(task, configuration);
    }

    /** The figure that says whether something was lost. */
    public Metric metric() {
        return Metric.of(task, judge());
    }

    /** The directory that holds the files beside the weights. */
    Path folder() {
        return ModelDirectory.of(model);
    }

    String modelChecksum() {
        return ModelChecksum.of(model);
    }

    String dataChecksum() {
        return new SearchRows("", rows, calibrationRows, List.of()).checksum();
    }
}
