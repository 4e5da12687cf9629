package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.Engines;
import dev.hone.measure.LatencyBenchmark.Conditions;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.Schedule;
import dev.hone.measure.TurnTimer;
import dev.hone.quantize.Precision;
import dev.hone.testkit.TinyBert;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("native")
final class TurnRequestsTest {
    @TempDir
    private static Path model;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
    private static Contest contest;

    @BeforeAll
    static void open() {
        contest = Contest.open(
                TinyBert.classifier().write(model),
                1,
                List.of(Engines.named("hone")),
                List.of(new EngineOptions(1, Precision.F32), new EngineOptions(1, Precision.INT8)));
    }

    @AfterAll
    static void close() {
        contest.close();
    }

    private static List<String> answers(String requests) {
        Conditions conditions = new Conditions(1, TinyBert.VOCABULARY, _ -> 0, OptionalDouble.empty());
        TurnRequests turns = new TurnRequests(
                contest.benchmark(conditions, new TurnTimer(Schedule.ofSeconds(0.1))), contest.contestants());
        StringWriter out = new StringWriter();
        turns.serve(
                new TurnRequests.Greeting(
                        MachineRecord.here(Map.of()),
                        null,
                        contest.contestants().stream()
                                .map(TurnRequests.ContestantName::of)
                                .toList(),
                        List.of()),
                new BufferedReader(new StringReader(requests)),
                new PrintWriter(out));
        return out.toString().lines().toList();
    }

    @Test
    void everyRequestIsAnsweredByTheTimesOfItsCalls() throws IOException {
        List<String> lines = answers("hone f32 1x4 0.02\nhone int8 2x9 0.001\n");
        assertThat(lines).hasSize(3);
        JsonNode greeting = new ObjectMapper().readTree(lines.getFirst());
        assertThat(greeting.get("contestants").toString())
                .isEqualTo(
                        "[{\"engine\":\"hone\",\"precision\":\"f32\"},{\"engine\":\"hone\",\"precision\":\"int8\"}]");
        assertThat(greeting.get("machine").get("cores").asInt()).isPositive();
        for (String line : lines.subList(1, 3)) {
            JsonNode millis = new ObjectMapper().readTree(line).get("millis");
            assertThat(millis)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.asDouble()).isPositive());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hone f32 1x4,with spaces between",
        "hone f16 1x4 0.1,no contestant hone f16",
        "hone f32 4 0.1,shape '4'",
        "hone f32 1x10 0.1,at most 9 tokens",
        "hone f32 1x4 soon,not a number",
        "hone f32 1x4 NaN,more than 0",
        "hone f32 1x4 -1,more than 0",
    })
    void requestsThatMakeNoSenseAreRefused(String request, String reason) {
        assertThatThrownBy(() -> answers(request + "\n"))
                .isInstanceOfSatisfying(
                        HoneException.class,
                        refusal -> assertThat(refusal.category()).isEqualTo(Category.USAGE))
                .hasMessageContaining(reason);
    }
}
