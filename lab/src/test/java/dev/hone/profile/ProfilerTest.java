package dev.hone.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.session.Session;
import dev.hone.session.SessionOptions;
import dev.hone.session.TokenBatch;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("native")
final class ProfilerTest {
    private static final int THREADS = 2;
    private static final TokenBatch BATCH = TokenBatch.of(new int[] {2, 5, 3}, new int[] {4});

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
    private static Session session;

    @BeforeAll
    static void open() {
        session = Session.open(
                TinyBert.classifier().write(directory),
                SessionOptions.defaults().withThreads(THREADS));
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static ModelProfile profile() {
        return new Profiler(session, THREADS, 0.05).profile(BATCH);
    }

    @Test
    void totalsHoldEveryStepOnce() {
        ModelProfile profile = profile();
        ModelProfile.Summary run = profile.summary();
        assertThat(profile.steps()).hasSameSizeAs(session.steps());
        double sum = profile.steps().stream().mapToDouble(StepProfile::millis).sum();
        assertThat(run.stepsMillis()).isCloseTo(sum, within(1e-9 * sum));
        for (List<GroupProfile> groups : List.of(profile.kinds(), profile.layers())) {
            assertThat(groups.stream().mapToInt(GroupProfile::steps).sum())
                    .isEqualTo(profile.steps().size());
            assertThat(groups.stream().mapToDouble(GroupProfile::millis).sum()).isCloseTo(sum, within(1e-9 * sum));
        }
        assertThat(profile.layers().stream().map(GroupProfile::name)).contains("layer 0", "outside of layers");
        assertThat(profile.kinds()).isSortedAccordingTo((a, b) -> Double.compare(b.millis(), a.millis()));
    }

    @Test
    void timesAndRatesArePlausible() {
        ModelProfile profile = profile();
        ModelProfile.Summary run = profile.summary();
        assertThat(run.rows()).isEqualTo(4);
        assertThat(run.sequences()).isEqualTo(2);
        assertThat(run.runs()).isPositive();
        assertThat(run.millis()).isBetween(run.interval().low(), run.interval().high());
        assertThat(run.plainMillis()).isPositive();
        assertThat(run.outsideMillis()).isPositive();
        assertThat(run.waitingMillis()).hasSize(THREADS).allMatch(millis -> millis >= 0);
        assertThat(run.tokenizerMillis()).as("no texts, no tokenizer").isNull();
        assertThat(profile.steps()).allSatisfy(step -> {
            assertThat(step.millis()).isPositive();
            assertThat(step.rate().limitMillis()).isNotNegative();
        });
        assertThat(profile.steps().stream().filter(step -> step.rate().giga() > 0))
                .as("linear layers and attention have products")
                .isNotEmpty()
                .allMatch(step -> step.kind().equals("linear") || step.kind().equals("attention"));
    }

    @Test
    void textsAreTokenizedBeforeEachRun() {
        AtomicInteger calls = new AtomicInteger();
        ModelProfile profile = new Profiler(session, THREADS, 0.05).profileTexts(() -> {
            calls.incrementAndGet();
            return BATCH;
        });
        assertThat(calls.get()).isGreaterThan(2 * profile.summary().runs());
        assertThat(profile.summary().tokenizerMillis()).isNotNull().isNotNegative();
    }

    @Test
    void tracesHaveATrackForEachWorkerWithoutOverlap() throws IOException {
        ModelProfile profile = profile();
        JsonNode trace = new ObjectMapper().readTree(RunTrace.json("tiny 2x4", session.steps(), profile.typical()));
        Map<Integer, List<JsonNode>> tracks = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (JsonNode event : trace.get("traceEvents")) {
            assertThat(event.get("pid").asInt()).isEqualTo(1);
            if (event.get("ph").asText().equals("M")) {
                names.add(event.get("args").get("name").asText());
            } else {
                tracks.computeIfAbsent(event.get("tid").asInt(), _ -> new ArrayList<>())
                        .add(event);
            }
        }
        assertThat(names).containsExactly("tiny 2x4", "worker 0 (caller)", "worker 1");
        assertThat(tracks).containsOnlyKeys(0, 1);
        tracks.values().forEach(ProfilerTest::followEachOther);
        for (List<JsonNode> track : tracks.values()) {
            assertThat(track.stream()
                            .filter(event -> event.get("cat").asText().equals("step"))
                            .map(event -> event.get("args").get("problem").asText()))
                    .containsExactlyElementsOf(
                            session.steps().stream().map(step -> step.problem()).toList());
        }
    }

    private static void followEachOther(List<JsonNode> events) {
        double before = 0;
        List<JsonNode> inOrder = events.stream()
                .sorted((a, b) ->
                        Double.compare(a.get("ts").asDouble(), b.get("ts").asDouble()))
                .toList();
        for (JsonNode event : inOrder) {
            assertThat(event.get("dur").asDouble()).isNotNegative();
            assertThat(event.get("ts").asDouble()).as(event.toString()).isGreaterThanOrEqualTo(before - 1e-3);
            before = event.get("ts").asDouble() + event.get("dur").asDouble();
        }
    }
}
