package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.quantize.Precision;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
    @ParameterizedTest
    @CsvSource({"benchmrak,benchmark", "benchmark m --shapes=3x3,--shape", "benchmark m --thread 3,--threads"})
    void misspellingsGetTheNearestName(String line, String meant) {
        CommandLineRun run = CommandLineRun.of(line.split(" ", -1));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("hone: ").contains("did you mean " + meant + "?");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aWordThatIsNoCommandIsCalledSo() {
        assertThat(CommandLineRun.of("quicker").err())
                .isEqualToIgnoringNewLines("hone: unknown command 'quicker'; see hone --help");
    }

    @Test
    void memoryThatRunsOutIsSaidInALine() {
        StringWriter err = new StringWriter();
        assertThat(Failures.outOfMemory(new PrintWriter(err), new OutOfMemoryError("Java heap space")))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("hone: memory ran out (Java heap space)")
                .contains("HONE_JAVA_OPTIONS=-Xmx8g")
                .hasLineCount(1);
    }

    @Test
    void noCommandIsWrongUsage() {
        CommandLineRun run = CommandLineRun.of();
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("no command");
    }

    @Test
    void versionIsPrinted() {
        assertThat(CommandLineRun.of("--version").out()).startsWith("hone ");
    }

    static Set<String> commands() {
        return new CommandLine(new Main()).getSubcommands().keySet();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithExamples(String command) {
        CommandLineRun run = CommandLineRun.of(command, "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Examples:", "hone " + command, "--verbose");
        assertThat(run.err()).isEmpty();
    }

    /** Texts of help are formats: a lone percent sign is complained about beside the help, for whoever reads that. */
    @Test
    void helpIsFormattedWithoutComplaint() {
        PrintStream err = System.err;
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
        try {
            CommandLineRun.of("--help");
            commands().forEach(command -> CommandLineRun.of(command, "--help"));
        } finally {
            System.setErr(err);
        }
        assertThat(complaints.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"infer", "benchmark", "profile", "tune", "compile", "optimize"})
    void helpNamesEveryPrecision(String command) {
        assertThat(CommandLineRun.of(command, "--help").out())
                .containsSubsequence(
                        Arrays.stream(Precision.values()).map(Precision::label).toList());
    }

    @Test
    void theTraceIsPrintedOnlyWhenAskedFor() {
        assertThat(CommandLineRun.of("benchmark", "no-such-model").err()).doesNotContain("\tat ");
        assertThat(CommandLineRun.of("benchmark", "no-such-model", "--verbose").err())
                .contains("\tat ");
    }
}
