package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OptimizeCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    @Tag("native")
    void theBundledModelIsSearchedWrittenAndResumed() throws IOException {
        Path out = folder.resolve("out");
        List<String> arguments = new ArrayList<>(List.of("optimize", "--seconds", "0.02", "--out", out.toString()));
        arguments.addAll(List.of("--precision", "int8,f32", "--threads", "1", "--max-loss", "5", "--budget", "60s"));
        CommandLineRun table = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(table.status()).as(table.err()).isZero();
        List<String> summary = table.lines().subList(0, table.lines().indexOf(""));
        assertThat(summary).hasSizeLessThanOrEqualTo(10);
        assertThat(summary.getFirst()).contains("all-MiniLM-L6-v2", "hone");
        assertThat(table.out()).contains("held out", "cosine_spearman", "worst 0.99", "text by text", "hone optimize");
        assertThat(out.resolve("report.json")).exists();
        assertThat(out.resolve("page.html")).content().contains("<title>How to run ");
        assertThat(out.resolve("page.json")).content().contains("ms_per_text");
        int measured = number(out, "/spent/measured");
        arguments.addAll(List.of("--resume", "--format", "json"));
        CommandLineRun json = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(json.status()).as(json.err()).isZero();
        JsonNode last = MAPPER.readTree(json.lines().getLast());
        assertThat(last.get("chosen").asText()).startsWith("hone ");
        assertThat(Path.of(last.get("report").asText())).exists();
        JsonNode first = MAPPER.readTree(json.lines().getFirst());
        assertThat(first.get("candidate").asText()).isEqualTo("onnxruntime f32");
        assertThat(number(out, "/spent/known")).isEqualTo(measured);
        CommandLineRun answer = CommandLineRun.of("infer", last.get("artefact").asText(), "A text.");
        assertThat(answer.status()).as(answer.err()).isZero();
    }

    @Test
    @Tag("native")
    void aBudgetThatIsTooSmallForOneCandidateIsRefusedWithOneThatIsNot() {
        Path out = folder.resolve("out");
        CommandLineRun run = CommandLineRun.of("optimize", "--budget", "1s", "--out", out.toString());
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines().filter(line -> line.startsWith("hone: ")))
                .singleElement()
                .asString()
                .containsPattern("--budget 1s is too small for one candidate: .* give --budget \\d+s or more");
        assertThat(run.out()).isEmpty();
    }

    private static int number(Path out, String place) throws IOException {
        return MAPPER.readTree(out.resolve("report.json").toFile()).at(place).asInt();
    }

    @Test
    void placesThatCannotBeWrittenAreSaidBeforeTheWork() {
        CommandLineRun run = CommandLineRun.of(
                "optimize", "--out", folder.resolve("no/such/report.json").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("hone: ")
                .contains("report.json", "--out")
                .hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void missingModelsLeaveNothingBehind() {
        Path report = folder.resolve("report.json");
        CommandLineRun run =
                CommandLineRun.of("optimize", folder.resolve("none").toString(), "--out", report.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("none").hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatCannotBeIsRefusedWithAWord() throws IOException {
        refused("--max-loss", "a lot", "such as 1%");
        refused("--budget", "soon", "60s");
        refused("--objective", "beauty", "throughput");
        refused("--lengths", "0", "at least 1");
        refused("--samples", "3", "at least 20");
        refused("--seconds", "0", "more than 0");
        refused("--seconds", "NaN", "more than 0");
        refused("--precision", "int1", "use one of");
        refused("--task", "sst2", "--data");
        Path data = Files.writeString(folder.resolve("dev.jsonl"), "");
        refused("--data", data.toString(), "--task");
    }

    @Test
    void aFolderThatNothingComesIntoIsTakenAway() throws IOException {
        Path made = folder.resolve("made");
        CommandLineRun run = CommandLineRun.of("optimize", "--task", "sst2", "--out", made.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(made).doesNotExist();
        Path there = Files.createDirectory(folder.resolve("there"));
        CommandLineRun.of("optimize", "--task", "sst2", "--out", there.toString());
        assertThat(there).isEmptyDirectory();
    }

    private void refused(String option, String value, String hint) {
        CommandLineRun run = CommandLineRun.of(
                "optimize",
                option,
                value,
                "--out",
                folder.resolve("report.json").toString());
        assertThat(run.status()).as(option).isEqualTo(2);
        assertThat(run.err()).startsWith("hone: ").contains(hint).hasLineCount(1);
        assertThat(folder.resolve("report.json")).doesNotExist();
    }

    @Test
    void brokenDataAreSaidWithTheirLine() throws IOException {
        String good = "{\"text_a\": \"x\", \"text_b\": \"y\", \"score\": 1}\n";
        assertThat(said("stsb", good + "{\"text_a\": \"x\"}\n")).contains("dev.jsonl:2", "text_b");
        assertThat(said("stsb", good.repeat(70_000) + "{\"text_a\": \"x\n")).contains("dev.jsonl:70001", "JSON");
        assertThat(said("stsb", "{\"first\": \"x\"}\n")).contains("dev.jsonl:1", "--column");
        assertThat(said("stsb", good.replace("1}", "\"much\"}"))).contains("dev.jsonl:1", "much");
        assertThat(said("stsb", "")).contains("dev.jsonl", "too few");
        String unknown = IntStream.range(0, 30)
                .mapToObj(row -> "{\"text\": \"fine " + row + "\", \"label\": \"splendid\"}\n")
                .collect(Collectors.joining());
        assertThat(said("sst2", unknown)).contains("dev.jsonl:", "unknown label 'splendid'", "--labels");
    }

    @Test
    void anotherEncodingIsSaidWithItsLine() throws IOException {
        Path data = folder.resolve("dev.jsonl");
        Files.write(data, "{\"text\": \"caf\u00e9\", \"label\": 1}\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(said("sst2", data)).contains("dev.jsonl:1", "UTF-8");
    }

    @Test
    void namesOfTheHubAreTakenForData() {
        assertThat(said("stsb", Path.of("hf:no words/at all")))
                .contains("no words")
                .doesNotContain("no such file");
    }

    private String said(String task, String content) throws IOException {
        return said(task, Files.writeString(folder.resolve("dev.jsonl"), content));
    }

    private String said(String task, Path data) {
        String out = folder.resolve("report.json").toString();
        CommandLineRun run = CommandLineRun.of("optimize", "--task", task, "--data", data.toString(), "--out", out);
        assertThat(run.status()).as(run.err()).isIn(1, 2);
        assertThat(run.err().lines().toList().getLast()).startsWith("hone: ").doesNotContain("unexpected");
        assertThat(folder.resolve("report.json")).doesNotExist();
        return run.err();
    }
}
