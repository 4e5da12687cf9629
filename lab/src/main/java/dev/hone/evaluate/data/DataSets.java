package dev.hone.evaluate.data;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds and opens data files. */
public final class DataSets {
    private static final Set<String> TABLES = Set.of("jsonl", "ndjson", "tsv", "csv", "parquet");
    /** Tables whose cells may hold lists. */
    private static final Set<String> LISTS = Set.of("jsonl", "ndjson", "parquet");

    private static final Set<String> QUESTIONS = Set.of("json");
    private static final Set<String> TOKENS = Set.of("conll", "txt", "bio", "iob", "iob2");
    // GLUE hands out its test parts without labels, so a directory's test.tsv is no candidate.
    private static final List<String> PARTS = List.of("test", "dev", "validation", "matched");

    private DataSets() {}

    /**
     * The file to evaluate on: the given one, or in a directory the test part, else the development part.
     *
     * @throws HoneException of category {@code INPUT} when there is none, or several that fit
     */
    public static DataFile find(Path place, DataTask task) {
        if (Files.isRegularFile(place)) {
            return new DataFile(place);
        }
        if (!Files.isDirectory(place)) {
            throw new HoneException(
                    Category.INPUT, place + ": no such file or directory; give a file or a directory of labelled rows");
        }
        List<DataFile> all = files(place);
        List<DataFile> own = all.stream()
                .filter(file -> usual(task).contains(file.suffix()))
                .filter(file -> !file.unpackedName().equals("test.tsv"))
                .toList();
        List<DataFile> files = own.isEmpty()
                ? all.stream()
                        .filter(file -> suffixes(task).contains(file.suffix()))
                        .toList()
                : own;
        return choose(files, PARTS, place.toString(), task);
    }

    /** The file for a task among some; {@code parts} are beginnings of names, the first one that fits is taken. */
    static DataFile choose(List<DataFile> files, List<String> parts, String place, DataTask task) {
        for (String part : parts) {
            List<DataFile> fitting = files.stream()
                    .filter(file -> file.unpackedName().startsWith(part))
                    .toList();
            if (!fitting.isEmpty()) {
                return only(fitting, place, task);
            }
        }
        return only(files, place, task);
    }

    /**
     * All files that a model may be judged by: the given one, or in a directory every labelled part that is not for
     * training.
     *
     * @throws HoneException of category {@code INPUT} when there is none
     */
    public static List<DataFile> findAll(Path place, DataTask task) {
        if (!Files.isDirectory(place)) {
            return List.of(find(place, task));
        }
        List<DataFile> parts = files(place).stream()
                .filter(file -> usual(task).contains(file.suffix()))
                .filter(file -> !file.unpackedName().equals("test.tsv"))
                .filter(file -> PARTS.stream().anyMatch(file.unpackedName()::startsWith))
                .toList();
        return parts.isEmpty()
                ? List.of(find(place, task))
                : parts.stream().map(ShardNames::whole).toList();
    }

    private static DataFile only(List<DataFile> fitting, String place, DataTask task) {
        if (fitting.size() == 1) {
            return ShardNames.whole(fitting.getFirst());
        }
        String found = fitting.isEmpty()
                ? "no file for " + task.label() + " (" + String.join(", ", suffixes(task)) + ", perhaps .gz)"
                : "several files fit: " + fitting.stream().map(DataFile::path).toList();
        throw new HoneException(Category.INPUT, place + ": " + found + "; name one file with --data");
    }

    private static List<DataFile> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return ShardNames.joined(files.filter(Files::isRegularFile).sorted().toList());
        } catch (IOException failure) {
            throw new HoneException(
                    Category.INPUT, directory + ": cannot be listed: " + failure.getMessage() + "; check it", failure);
        }
    }

    /** Formats that the task's public sets come in. */
    private static Set<String> usual(DataTask task) {
        return switch (task.kind()) {
            case LABELS, GRADES -> TABLES;
            case TAGS -> TOKENS;
            case QUESTIONS -> QUESTIONS;
        };
    }

    /** All formats that rows of the task are read from. */
    static Set<String> suffixes(DataTask task) {
        Set<String> suffixes = new TreeSet<>(usual(task));
        suffixes.addAll(task.kind() == DataTask.Kind.LABELS || task.kind() == DataTask.Kind.GRADES ? TABLES : LISTS);
        return suffixes;
    }

    /**
     * Opens a file for its rows.
     *
     * @throws HoneException of category {@code INPUT} when it cannot be read or is not of a format for the task
     */
    public static Rows open(DataFile file, DataTask task, Columns columns) {
        if (!suffixes(task).contains(file.suffix())) {
            throw new HoneException(
                    Category.INPUT,
                    file.path() + ": no format for " + task.label() + ", whose files end in "
                            + String.join(", ", suffixes(task))
                            + "; give another file or --task");
        }
        return switch (task.kind()) {
            case LABELS, GRADES -> new TableRows(file, table(file), task, columns);
            case TAGS ->
                LISTS.contains(file.suffix()) ? new TaggedRows(file, table(file), columns) : new ConllRows(file);
            case QUESTIONS ->
                LISTS.contains(file.suffix()) ? new QuestionRows(file, table(file), columns) : new SquadRows(file);
        };
    }

    private static Table table(DataFile file) {
        return file.isCut() ? new ShardTable(file, DataSets::wholeTable) : wholeTable(file);
    }

    private static Table wholeTable(DataFile file) {
        return switch (file.suffix()) {
            case "tsv" -> new TabTable(file);
            case "csv" -> new CommaTable(file);
            case "parquet" -> new ParquetTable(file);
            default -> new JsonLinesTable(file);
        };
    }
}
