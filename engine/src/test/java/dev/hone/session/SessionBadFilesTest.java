package dev.hone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.OnnxWriter;
import dev.hone.machine.Isa;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.SmallCheckpoint;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Model files that are missing, damaged or of an unknown kind: one clear failure, and nothing stays open. */
@Tag("native")
final class SessionBadFilesTest {
    private static final SessionOptions OPTIONS =
            SessionOptions.defaults().withIsa(Isa.GENERIC).withThreads(3);
    private static final TokenBatch BATCH = TokenBatch.of(new int[] {2, 5, 3});
    private static final int ROUNDS = 60;

    /** Fewer, because most are compiled: a flipped bit in a weight is a weight. */
    private static final int FLIPS = 25;

    private static final int MODELS = 50;

    @TempDir
    private Path directory;

    @Test
    void missingAndMisshapenWeightsAreNamed() {
        String name = "bert.encoder.layer.0.output.dense.weight";
        refuses(TinyBert.classifier().without(name), Category.CHECKPOINT, "encoder.layer.0.output.dense.weight");
        refuses(TinyBert.classifier().tensor(name, 5, 6), Category.CHECKPOINT, "[5, 6]");
        refuses(TinyBert.classifier().without("classifier.bias"), Category.CHECKPOINT, "classifier.bias");
    }

    @ParameterizedTest
    @CsvSource({
        "model_type, gpt2, distilbert",
        "hidden_act, mish, gelu",
        "position_embedding_type, relative_key, absolute"
    })
    void unknownKindsAreNamedWithTheKnownOnes(String key, String value, String known) {
        HoneException failure = refuses(TinyBert.classifier().set(key, value), Category.UNSUPPORTED, value);
        assertThat(failure).hasMessageContaining(known);
    }

    @Test
    void unknownHeadsAreNamedWithTheKnownOnes() {
        HoneException failure = refuses(
                TinyBert.classifier().architecture("BertForNextSentencePrediction"),
                Category.UNSUPPORTED,
                "BertForNextSentencePrediction");
        assertThat(failure).hasMessageContaining("ForSequenceClassification");
    }

    @Test
    void unknownOutputsAreNamedWithTheKnownOnes() {
        Path model = TinyBert.classifier().write(directory);
        assertThat(failure(model, OPTIONS.withOutputs(List.of("scores"))))
                .hasMessageContaining("scores")
                .hasMessageContaining("logits");
    }

    @Test
    void foldersWithoutAModelSayWhatTheyLack() {
        assertThat(failure(directory, OPTIONS)).hasMessageContaining("model.safetensors");
        assertThat(failure(directory.resolve("absent"), OPTIONS)).hasMessageContaining("absent");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void truncatedFilesAreRefused(boolean onnx) throws IOException {
        Path file = write(onnx);
        byte[] whole = Files.readAllBytes(file);
        Fuzz.rounds(ROUNDS).run(round -> {
            Files.write(file, Arrays.copyOf(whole, round.between(0, whole.length - 1)));
            assertThat(failure(onnx ? file : directory, OPTIONS).category())
                    .isIn(Category.CHECKPOINT, Category.UNSUPPORTED);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void filesWithAFlippedBitAreRefusedOrAnswer(boolean onnx) throws IOException {
        Path file = write(onnx);
        byte[] whole = Files.readAllBytes(file);
        Fuzz.rounds(FLIPS).run(round -> {
            byte[] flipped = whole.clone();
            flipped[round.between(0, whole.length - 1)] ^= (byte) (1 << round.between(0, 7));
            Files.write(file, flipped);
            opensOrRefuses(onnx ? file : directory);
        });
    }

    private static void opensOrRefuses(Path model) {
        try (Session session = Session.open(model, OPTIONS)) {
            session.run(BATCH)
                    .byName()
                    .values()
                    .forEach(answer -> assertThat(answer.values()).isNotEmpty());
        } catch (HoneException refusal) {
            assertThat(refusal.category()).isIn(Category.CHECKPOINT, Category.UNSUPPORTED, Category.INPUT);
            assertThat(refusal.getMessage()).isNotBlank();
        }
    }

    @Test
    void refusedModelsLeaveNoThreadsFilesOrMappings() throws IOException {
        Path model = TinyBert.classifier().without("classifier.weight").write(directory);
        Set<Path> files = files();
        long threads = workers();
        for (int count = 0; count < MODELS; count++) {
            failure(model, OPTIONS);
        }
        assertThat(workers()).isEqualTo(threads);
        assertThat(files()).isEqualTo(files);
        assertNothingIsMapped();
    }

    @Test
    void closedModelsLeaveNoThreadsFilesOrMappings() throws IOException {
        Path model = TinyBert.classifier().write(directory);
        Set<Path> files = files();
        long threads = workers();
        for (int count = 0; count < MODELS; count++) {
            try (Session session = Session.open(model, OPTIONS)) {
                assertThat(session.run(BATCH).get("logits").rows()).isEqualTo(1);
                assertThat(workers()).isEqualTo(threads + OPTIONS.threads() - 1);
            }
        }
        assertThat(workers()).isEqualTo(threads);
        assertThat(files()).isEqualTo(files);
        assertNothingIsMapped();
    }

    private Path write(boolean onnx) throws IOException {
        Path written = TinyBert.classifier().write(directory);
        if (!onnx) {
            return written.resolve("model.safetensors");
        }
        Path file = directory.resolve("written.onnx");
        try (OpenedModel model = OpenedModel.open(written)) {
            OnnxWriter.write(model.graph(), file);
        }
        return file;
    }

    private HoneException refuses(SmallCheckpoint spoiled, Category category, String named) {
        HoneException failure = failure(spoiled.write(directory), OPTIONS);
        assertThat(failure.category()).isEqualTo(category);
        assertThat(failure).hasMessageContaining(named);
        return failure;
    }

    private static HoneException failure(Path model, SessionOptions options) {
        Throwable[] failure = new Throwable[1];
        assertThatThrownBy(() -> Session.open(model, options).close())
                .asInstanceOf(type(HoneException.class))
                .satisfies(thrown -> failure[0] = thrown);
        return (HoneException) failure[0];
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("hone-worker"))
                .count();
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.collect(Collectors.toSet());
        }
    }

    /** Linux lists what a process maps; elsewhere there is no list to look at. */
    private void assertNothingIsMapped() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (Files.exists(maps)) {
            assertThat(Files.readString(maps))
                    .doesNotContain(directory.toRealPath().toString());
        }
    }
}
