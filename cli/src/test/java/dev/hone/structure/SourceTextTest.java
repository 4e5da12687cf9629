package dev.hone.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be seen in the text of the sources alone. */
final class SourceTextTest {
    private static final Pattern UNSEEDED = Pattern.compile("\\bimport java\\.util\\.Random;|\\bMath\\.random\\(");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    @Test
    void everyPackageIsNullMarkedAndSaysWhatItIs() {
        Set<Path> folders = SourceFiles.all().stream()
                .filter(file -> SourceFiles.name(file).contains("/src/main/java/"))
                .map(Path::getParent)
                .collect(Collectors.toSet());
        assertThat(folders).as("packages").isNotEmpty();
        for (Path folder : folders) {
            Path description = folder.resolve("package-info.java");
            assertThat(Files.exists(description)).as("there is %s", description).isTrue();
            assertThat(String.join("\n", SourceFiles.lines(description)))
                    .as("%s", description)
                    .contains("@NullMarked")
                    .contains("/**");
        }
    }

    @Test
    void noPackageHasAnEmptyName() {
        List<String> names = SourceFiles.all().stream().map(SourceFiles::name).toList();
        Set<String> wrong = Set.of("util", "utils", "common", "helper", "helpers", "impl");
        assertThat(names)
                .isNotEmpty()
                .noneMatch(name -> Stream.of(name.split("/")).anyMatch(wrong::contains));
    }

    @Test
    void testsDrawFromSeedsToo() {
        assertThat(linesWith(UNSEEDED)).as("lines that draw without a seed").isEmpty();
    }

    @Test
    void nothingIsLeftUnfinished() {
        assertThat(linesWith(UNFINISHED)).as("lines that promise work").isEmpty();
    }

    private static List<String> linesWith(Pattern pattern) {
        List<String> found = new ArrayList<>();
        for (Path file : SourceFiles.all()) {
            List<String> lines = SourceFiles.lines(file);
            for (int index = 0; index < lines.size(); index++) {
                if (pattern.matcher(lines.get(index)).find() && !file.endsWith("SourceTextTest.java")) {
                    found.add(SourceFiles.name(file) + ":" + (index + 1));
                }
            }
        }
        return found;
    }
}
