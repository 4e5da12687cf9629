package dev.hone.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.quantize.Precision;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxRuntimeEngineTest {
    @TempDir
    private Path folder;

    private final Engine engine = Engines.named("onnxruntime");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersAreRaggedAndIgnorePadding(boolean narrow) throws IOException {
        Path file = TinyOnnx.write(folder.resolve("model.onnx"), narrow);
        TokenBatch batch = TokenBatch.of(new int[] {3, 4, 5}, new int[] {7}, new int[] {9, 1});
        try (EngineSession session = engine.open(file, EngineOptions.ofThreads(1))) {
            assertThat(session.outputNames()).containsExactly("last_hidden_state", "logits", "start_logits");
            EncoderOutputs outputs = session.run(batch);
            Output states = outputs.get("last_hidden_state");
            assertThat(states.perToken()).isTrue();
            assertThat(states.width()).isEqualTo(TinyOnnx.HIDDEN);
            assertThat(states.rows()).isEqualTo(batch.rows());
            assertThat(states.values()[0]).isEqualTo(TinyOnnx.table(3, 0));
            assertThat(states.values()[3 * TinyOnnx.HIDDEN]).isEqualTo(TinyOnnx.table(7, 0));
            assertThat(states.values()[5 * TinyOnnx.HIDDEN + 2]).isEqualTo(TinyOnnx.table(1, 2));
            Output logits = outputs.get("logits");
            assertThat(logits.perToken()).isFalse();
            assertThat(logits.rows()).isEqualTo(3);
            assertThat(logits.values()[0]).isEqualTo(12f);
            assertThat(logits.values()[TinyOnnx.HIDDEN]).isEqualTo(7f);
            Output starts = outputs.get("start_logits");
            assertThat(starts.perToken()).isTrue();
            assertThat(starts.width()).isEqualTo(1);
            assertThat(starts.rows()).isEqualTo(6);
        }
    }

    @Test
    void preparedCallsRunUntilClosed() throws IOException {
        Path file = TinyOnnx.write(folder.resolve("model.onnx"), false);
        try (EngineSession session = engine.open(file, EngineOptions.ofThreads(2));
                EngineSession.PreparedCall call = session.prepare(TokenBatch.of(new int[] {1, 2}))) {
            call.run();
            call.run();
            closeEarly(session);
            assertCategory(call::run, Category.CLOSED, "closed");
        }
    }

    @Test
    void directoriesAreSearchedAndTheirConfigurationRead() throws IOException {
        Files.createDirectories(folder.resolve("onnx"));
        TinyOnnx.write(folder.resolve("onnx/model.onnx"), false);
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\": \"roberta\", \"max_position_embeddings\": 514, \"pad_token_id\": 1}");
        try (EngineSession session = engine.open(folder, EngineOptions.ofThreads(1))) {
            assertThat(session.maximumLength()).isEqualTo(512);
            assertCategory(() -> session.run(TokenBatch.of(new int[513])), Category.INPUT, "513 tokens");
        }
    }

    @Test
    void batchesThatCannotRunAreRefused() throws IOException {
        Path file = TinyOnnx.write(folder.resolve("model.onnx"), false);
        try (EngineSession session = engine.open(file, EngineOptions.ofThreads(1))) {
            assertCategory(() -> session.run(TokenBatch.of()), Category.INPUT, "empty batch");
            assertCategory(() -> session.run(TokenBatch.of(new int[0])), Category.INPUT, "0 tokens");
            assertCategory(() -> session.run(TokenBatch.of(new int[] {TinyOnnx.VOCABULARY})), Category.INPUT, "out of");
            closeEarly(session);
            assertCategory(() -> session.run(TokenBatch.of(new int[] {1})), Category.CLOSED, "closed");
        }
    }

    @Test
    void filesThatAreNoModelsAreRefused() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.onnx"), "not a model");
        EngineOptions options = EngineOptions.ofThreads(1);
        assertCategory(() -> engine.open(broken, options).close(), Category.CHECKPOINT, "broken.onnx");
        Path missing = folder.resolve("missing");
        assertCategory(() -> engine.open(missing, options).close(), Category.CHECKPOINT, "missing");
        EngineOptions other = new EngineOptions(1, Precision.INT8);
        assertCategory(() -> engine.open(broken, other).close(), Category.UNSUPPORTED, "not in int8");
        assertCategory(() -> EngineOptions.ofThreads(0), Category.USAGE, "threads 0");
    }

    @Test
    void unknownEnginesAreRefusedWithTheKnownOnes() {
        assertCategory(() -> Engines.named("tensorflow"), Category.USAGE, "onnxruntime");
    }

    private static void closeEarly(AutoCloseable session) {
        assertThatCode(session::close).doesNotThrowAnyException();
    }

    private static void assertCategory(Runnable action, Category category, String part) {
        assertThatThrownBy(action::run)
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(part)
                .extracting(thrown -> ((HoneException) thrown).category())
                .isEqualTo(category);
    }
}
