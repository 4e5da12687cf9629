package dev.hone.evaluate.data;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that the hub gives to the parts of a file: {@code test-00000-of-00003.parquet}, with a hash or none. */
final class ShardNames {
    private static final Pattern NAME = Pattern.compile("(?<stem>.*)-(?<number>\\d{5})-of-(?<count>\\d{5})(-[0-9a-f]+)?"
            + "(?<end>\\.(jsonl|ndjson|csv|tsv|parquet)(\\.gz)?)");

    private ShardNames() {}

    /** Files, of which those that are parts of one table are taken together. */
    static List<DataFile> joined(List<Path> files) {
        Map<Path, Map<Integer, Path>> byName = new LinkedHashMap<>();
        List<DataFile> joined = new ArrayList<>();
        for (Path file : files) {
            Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
            if (name.matches() && isPart(name)) {
                String whole = name.group("stem") + "-*-of-" + name.group("count") + name.group("end");
                add(
                        file,
                        Integer.parseInt(name.group("number")),
                        byName.computeIfAbsent(file.resolveSibling(whole), _ -> new TreeMap<>()));
            } else {
                joined.add(new DataFile(file));
            }
        }
        byName.forEach((whole, parts) -> joined.add(new DataFile(whole, List.copyOf(parts.values()))));
        return joined;
    }

    private static boolean isPart(Matcher name) {
        int count = Integer.parseInt(name.group("count"));
        return count > 1 && Integer.parseInt(name.group("number")) < count;
    }

    private static void add(Path file, int number, Map<Integer, Path> parts) {
        Path other = parts.put(number, file);
        if (other != null) {
            throw new HoneException(
                    Category.INPUT, file + ": the same part is in " + other + "; keep one of them, or name one file");
        }
    }

    /**
     * A file of {@link #joined}, when none of its parts is missing.
     *
     * @throws HoneException of category {@code INPUT} when one is
     */
    static DataFile whole(DataFile file) {
        Matcher name = NAME.matcher(String.valueOf(file.shards().getFirst().getFileName()));
        int parts = name.matches() && isPart(name) ? Integer.parseInt(name.group("count")) : 1;
        if (parts != file.shards().size()) {
            throw new HoneException(
                    Category.INPUT,
                    file.path() + ": of " + parts + " parts there are only "
                            + file.shards().size() + "; fetch the others, or name one file");
        }
        return file;
    }
}
