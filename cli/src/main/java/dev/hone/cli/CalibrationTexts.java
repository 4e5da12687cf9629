package dev.hone.cli;

import dev.hone.calibrate.TokenTexts;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.evaluate.data.Columns;
import dev.hone.evaluate.data.DataFile;
import dev.hone.evaluate.data.DataSets;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Rows;
import dev.hone.evaluate.data.Sampling;
import dev.hone.session.TokenBatch;
import dev.hone.task.TaskConfiguration;
import dev.hone.task.TaskKind;
import dev.hone.task.TextInput;
import dev.hone.tokenize.TextTokenizer;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The texts of a file as token ids, each by itself. */
final class CalibrationTexts {
    private static final String BETWEEN_PAIR = "\t";
    private static final long SEED = 1;

    private CalibrationTexts() {}

    /**
     * Reads texts: {@link #labelled} ones, or else the first lines, of which empty ones are passed over.
     *
     * @throws dev.hone.HoneException of category INPUT when the file cannot be read
     */
    static List<TokenBatch> read(Path file, Path model, int most) {
        TaskConfiguration configuration = TaskConfiguration.read(model);
        List<TextInput> texts = inputs(file, configuration, most);
        try (TextTokenizer tokenizer = TextTokenizer.open(ModelDirectory.of(model))) {
            return TokenTexts.encoded(texts, tokenizer, configuration.maximumLength());
        }
    }

    private static List<TextInput> inputs(Path place, TaskConfiguration configuration, int most) {
        return labelled(place, configuration, most).orElseGet(() -> lines(place, most));
    }

    /**
     * The texts of labelled data: of a data file as {@code evaluate} takes it, a directory or a name on the hub, drawn
     * by a fixed seed. Empty for any other file.
     */
    static Optional<List<TextInput>> labelled(Path place, TaskConfiguration configuration, int most) {
        if (DataArgument.isOnHub(place) || Files.isDirectory(place)) {
            DataTask task = task(configuration);
            PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
            return Optional.of(rows(DataArgument.find(place, task, err), task, most));
        }
        DataFile data = new DataFile(place);
        return switch (data.suffix()) {
            case "json" -> Optional.of(rows(data, DataTask.SQUAD2, most));
            case "conll", "bio", "iob", "iob2" -> Optional.of(rows(data, DataTask.NER, most));
            case "jsonl", "ndjson", "csv", "tsv", "parquet" -> Optional.of(rows(data, task(configuration), most));
            default -> Optional.empty();
        };
    }

    private static DataTask task(TaskConfiguration configuration) {
        return switch (configuration.task().orElse(TaskKind.EMBEDDING)) {
            case CLASSIFICATION -> DataTask.CLASSIFICATION;
            case TOKENS -> DataTask.NER;
            case QUESTION -> DataTask.SQUAD2;
            case EMBEDDING, MASK -> DataTask.STSB;
        };
    }

    private static List<TextInput> rows(DataFile data, DataTask task, int most) {
        try (Rows rows = DataSets.open(data, task, Columns.parse(List.of()))) {
            return Sampling.draw(rows, most, SEED).stream().map(Example::input).toList();
        }
    }

    private static List<TextInput> lines(Path file, int most) {
        List<TextInput> texts = new ArrayList<>();
        TextSource.read(
                file.toString(),
                chunk -> chunk.stream()
                        .filter(line -> !line.isBlank() && texts.size() < most)
                        .forEach(line -> texts.add(pair(line))));
        return texts;
    }

    private static TextInput pair(String line) {
        int between = line.indexOf(BETWEEN_PAIR);
        return between < 0
                ? TextInput.of(line)
                : TextInput.pair(line.substring(0, between), line.substring(between + 1));
    }
}
