package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("native")
final class ProfileCommandTest {
    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.createDirectory(folder.resolve("model"));
        TinyBert.classifier().write(model);
    }

    private CommandLineRun profile(String... arguments) {
        List<String> all = new ArrayList<>(List.of("profile", model.toString(), "--threads", "2"));
        if (!List.of(arguments).contains("--seconds")) {
            all.addAll(List.of("--seconds", "0.05"));
        }
        all.addAll(List.of(arguments));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    @Test
    void aTableForEachShape() {
        CommandLineRun run = profile("--shape", "1x4,2x9", "--steps", "2");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("1x4, f32", "2x9, f32", "2 sequences, 18 tokens, 2 threads", "limits: f32 ", "by kind")
                .contains("by layer", "more steps; --steps 0 prints all", "whole run", "waiting for other threads");
    }

    @Test
    void jsonHasALineForEachStepAndTotal() throws IOException {
        CommandLineRun run = profile("--shape", "1x4", "--format", "json", "--precision", "int8");
        assertThat(run.status()).as(run.err()).isZero();
        TreeSet<String> about = new TreeSet<>();
        for (String line : run.lines()) {
            JsonNode object = new ObjectMapper().readTree(line);
            about.add(object.get("about").asText());
            assertThat(object.get("precision").asText()).isEqualTo("int8");
            assertThat(object.get("input").asText()).isEqualTo("1x4");
        }
        assertThat(about).containsExactly("kind", "layer", "run", "step");
        JsonNode first = new ObjectMapper().readTree(run.lines().getFirst()).get("run");
        assertThat(first.get("ms").asDouble()).isPositive();
        assertThat(first.get("waiting_ms")).hasSize(2);
    }

    @Test
    void theTraceIsAFileOfEvents() throws IOException {
        Path trace = folder.resolve("run.json");
        CommandLineRun run = profile("--shape", "1x4", "--trace", trace.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(new ObjectMapper().readTree(trace.toFile()).get("traceEvents"))
                .isNotEmpty();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(model, trace);
        }
    }

    @Test
    void thePageLiesBesideItsData() throws IOException {
        Path page = folder.resolve("run.html");
        CommandLineRun run = profile("--shape", "1x4", "--html", page.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(page).content().contains("<title>Profile of model</title>", "hone profile");
        JsonNode data = new ObjectMapper().readTree(folder.resolve("run.json").toFile());
        assertThat(data.get("operators").get(0).get("steps")).isNotEmpty();
        assertThat(data.get("graphs")).hasSize(2);
        assertThat(data.get("graphs").get(1).get("nodes").findValues("ms")).isNotEmpty();
        assertThat(data.get("passes")).isNotEmpty();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(model, page, folder.resolve("run.json"));
        }
    }

    @Test
    void contradictionsAreRefused() {
        refused(
                "one shape",
                "--shape",
                "1x4,1x8",
                "--trace",
                folder.resolve("t.json").toString());
        refused("ends in .html", "--shape", "1x4", "--html", folder.resolve("t").toString());
        refused("exclude each other", "a text", "--shape", "1x4");
        refused("at most 9 tokens", "--shape", "1x10");
        refused("--seconds", "--shape", "1x4", "--seconds", "-1");
        refused("--steps -1", "--shape", "1x4", "--steps", "-1");
        refused("unknown precision", "--precision", "f8");
    }

    private void refused(String reason, String... arguments) {
        CommandLineRun run = profile(arguments);
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(reason);
        assertThat(run.out()).isEmpty();
    }
}
