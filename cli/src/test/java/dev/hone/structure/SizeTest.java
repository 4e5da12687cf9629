package dev.hone.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.testkit.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How large things may grow. Above the soft limit a thing needs a line in {@code size-exceptions.txt}, with a size that
 * it may not exceed; above the hard limit nothing helps. A line that is not needed any more must go: the file only
 * shrinks.
 */
final class SizeTest {
    private static final String EXCEPTIONS = "cli/src/test/resources/size-exceptions.txt";

    private enum Kind {
        FILE_LINES("file-lines", 300, 500),
        LINE_COLUMNS("line-columns", 120, 150),
        METHOD_LINES("method-lines", 30, 60),
        PARAMETERS("parameters", 5, 9);

        private final String word;
        private final int soft;
        private final int hard;

        Kind(String word, int soft, int hard) {
            this.word = word;
            this.soft = soft;
            this.hard = hard;
        }
    }

    @Test
    void sizesKeepTheirLimits() {
        List<Path> files = SourceFiles.all();
        assertThat(files).as("sources that are measured").hasSizeGreaterThan(50);
        Map<String, Integer> allowed = exceptions();
        List<String> wrong = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            measure(kind, files).forEach((place, size) -> {
                String key = kind.word + " " + place;
                wrong.addAll(judge(kind, size, key, allowed.remove(key)));
            });
        }
        allowed.forEach((key, size) -> wrong.add("remove the line '" + size + " " + key + "': nothing has that name"));
        assertThat(wrong).as("sizes, with exceptions from %s", EXCEPTIONS).isEmpty();
    }

    private static List<String> judge(Kind kind, int size, String key, @Nullable Integer allowed) {
        if (size > kind.hard) {
            return List.of("'" + size + " " + key + "' is more than anything may have: " + kind.hard);
        }
        if (size <= kind.soft) {
            return allowed == null
                    ? List.of()
                    : List.of("remove the line '" + allowed + " " + key + "': it has " + size);
        }
        if (allowed == null) {
            return List.of("'" + size + " " + key + "' is more than " + kind.soft);
        }
        return size <= allowed ? List.of() : List.of(key + " has grown from " + allowed + " to " + size);
    }

    private static Map<String, Integer> measure(Kind kind, List<Path> files) {
        Map<String, Integer> sizes = new TreeMap<>();
        switch (kind) {
            case FILE_LINES ->
                files.forEach(file -> sizes.put(
                        SourceFiles.name(file), SourceFiles.lines(file).size()));
            case LINE_COLUMNS -> files.forEach(file -> sizes.put(SourceFiles.name(file), longestLine(file)));
            case METHOD_LINES ->
                SourceFiles.methods(files).forEach(method -> sizes.merge(method.place(), method.lines(), Math::max));
            case PARAMETERS ->
                SourceFiles.methods(files)
                        .forEach(method -> sizes.merge(method.place(), method.parameters(), Math::max));
        }
        return sizes;
    }

    private static int longestLine(Path file) {
        return SourceFiles.lines(file).stream().mapToInt(String::length).max().orElse(0);
    }

    /** Lines of the form {@code 42 method-lines FILE#METHOD}; those with a number sign in front are comments. */
    private static Map<String, Integer> exceptions() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (String line : SourceFiles.lines(Repository.root().resolve(EXCEPTIONS))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                int space = line.indexOf(' ');
                sizes.put(line.substring(space + 1), Integer.valueOf(line.substring(0, space)));
            }
        }
        return sizes;
    }
}
