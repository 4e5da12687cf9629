package dev.hone.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.checkpoint.OnnxModel;
import dev.hone.checkpoint.OnnxWriter;
import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.PositionScheme;
import dev.hone.graph.Value;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.TokenBatch;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Shared;
import dev.hone.transform.Pipelines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that Hone writes answer in ONNX Runtime as the models do that they were made from. */
final class WrittenOnnxTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    private final Engine engine = Engines.named("onnxruntime");

    @Test
    void embeddedModelAnswersAsBefore() throws IOException {
        Path original = folder.resolve("original.onnx");
        try (InputStream resource = WrittenOnnxTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            assertThat(resource).as("the embedded model on the class path").isNotNull();
            Files.copy(resource, original);
        }
        assertAnswersAsBefore(original, 30_000);
    }

    @Test
    void recordedModelsOfEachArchitectureAnswerAsBefore() throws IOException {
        try (Stream<Path> directories = Files.list(Shared.require("golden", "tiny"))) {
            for (Path directory : directories.toList()) {
                assertAnswersAsBefore(directory.resolve("model.onnx"), 300);
            }
        }
    }

    private void assertAnswersAsBefore(Path original, int vocabulary) {
        try (OnnxModel model = OnnxModel.open(original)) {
            OnnxWriter.write(model.graph(), folder.resolve("primitive.onnx"));
            OnnxWriter.Options apart = new OnnxWriter.Options(Optional.of(model.facts()), true);
            OnnxWriter.write(model.graph(), folder.resolve("again.onnx"), apart);
            Graph fused = Pipelines.INFERENCE.run(model.graph()).graph();
            assertThat(fused.nodes()).hasSizeLessThan(model.graph().nodes().size() / 2);
            OnnxWriter.write(fused, folder.resolve("fused.onnx"));
        }
        assertThat(folder.resolve("again.onnx.data")).isNotEmptyFile();
        assertAnswersAsBefore(original, folder.resolve("again.onnx"), vocabulary);
        assertAnswersAsBefore(original, folder.resolve("primitive.onnx"), vocabulary);
        assertAnswersAsBefore(original, folder.resolve("fused.onnx"), vocabulary);
    }

    private void assertAnswersAsBefore(Path original, Path written, int vocabulary) {
        SplittableRandom random = new SplittableRandom(5);
        int[][] ids = new int[3][];
        for (int sequence = 0; sequence < ids.length; sequence++) {
            ids[sequence] = random.ints(7L + 11L * sequence, 5, vocabulary).toArray();
        }
        TokenBatch batch = TokenBatch.of(ids);
        EncoderOutputs expected = run(original, batch);
        EncoderOutputs actual = run(written, batch);
        assertThat(actual.byName().keySet()).isEqualTo(expected.byName().keySet());
        expected.byName().forEach((name, output) -> {
            float[] found = actual.get(name).values();
            assertThat(found).as("%s of %s in %s", name, original, written).hasSameSizeAs(output.values());
            assertThat(largestDifference(output.values(), found))
                    .as("%s of %s in %s", name, original, written)
                    .isLessThan(TOLERANCE);
        });
    }

    private EncoderOutputs run(Path file, TokenBatch batch) {
        try (EngineSession session = engine.open(file, EngineOptions.ofThreads(1))) {
            return session.run(batch);
        }
    }

    /** The largest difference in parts of the largest value. */
    private static double largestDifference(float[] expected, float[] found) {
        double difference = 0;
        double largest = 0;
        for (int index = 0; index < expected.length; index++) {
            difference = Math.max(difference, Math.abs((double) expected[index] - found[index]));
            largest = Math.max(largest, Math.abs(expected[index]));
        }
        assertThat(expected).as("values compared").isNotEmpty();
        // An activation may silence a whole column: then the difference counts as it is.
        return difference / Math.max(largest, 1e-2);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void fusedOperatorsDoNotSeePadding(Activation activation) {
        Path file = folder.resolve("fused.onnx");
        OnnxWriter.write(fusedEncoder(activation), file);
        int[][] ids = {{3, 4, 5, 6, 7}, {9, 2}, {8, 8, 4}};
        try (EngineSession session = engine.open(file, EngineOptions.ofThreads(1))) {
            EncoderOutputs together = session.run(TokenBatch.of(ids));
            assertThat(together.byName()).hasSize(6);
            int row = 0;
            for (int sequence = 0; sequence < ids.length; sequence++) {
                EncoderOutputs alone = session.run(TokenBatch.of(ids[sequence]));
                for (String name : together.byName().keySet()) {
                    EncoderOutputs.Output all = together.get(name);
                    float[] expected = alone.get(name).values();
                    int first = (all.perToken() ? row : sequence) * all.width();
                    float[] found = java.util.Arrays.copyOfRange(all.values(), first, first + expected.length);
                    assertThat(largestDifference(expected, found)).as(name).isLessThan(TOLERANCE);
                }
                row += ids[sequence].length;
            }
        }
    }

    private static Graph fusedEncoder(Activation activation) {
        SplittableRandom random = new SplittableRandom(17);
        GraphBuilder builder = new GraphBuilder("fused");
        Value ids = builder.input("input_ids", DType.I64, Shape.of(Dim.BATCH, Dim.SEQUENCE));
        Value mask = builder.input("attention_mask", DType.I64, Shape.of(Dim.BATCH, Dim.SEQUENCE));
        Value types = builder.input("token_type_ids", DType.I64, Shape.of(Dim.BATCH, Dim.SEQUENCE));
        Value[] tables = {weight(builder, random, "word", 12, 6), weight(builder, random, "position", 16, 6)};
        Value type = weight(builder, random, "type", 2, 6);
        Value gamma = weight(builder, random, "gamma", 6);
        Value beta = weight(builder, random, "beta", 6);
        PositionScheme positions = activation == Activation.NONE ? PositionScheme.ABSOLUTE : PositionScheme.skipping(0);
        Value x = builder.add(new Op.Embedding(positions, 1e-12), ids, types, tables[0], tables[1], type, gamma, beta);
        Value merged = linear(builder, random, x, 18, Activation.NONE);
        Value attended = builder.add(new Op.Attention(2, 3, 0.577, DType.F32), merged, mask);
        Value normed = builder.add(new Op.ResidualLayerNorm(1e-12), attended, x, gamma, beta);
        Value states = linear(builder, random, normed, 6, activation);
        builder.output("last_hidden_state", states);
        builder.output("pooler_output", builder.add(new Op.FirstToken(), states));
        builder.output("start_logits", builder.add(new Op.Column(1), states));
        for (Op.Pooling pooling : Op.Pooling.values()) {
            Value pooled = builder.add(new Op.Pool(pooling), states, mask);
            builder.output("pooled_" + pooling, builder.add(new Op.Normalize(1e-12), pooled));
        }
        return builder.build();
    }

    private static Value linear(
            GraphBuilder builder, SplittableRandom random, Value x, int width, Activation function) {
        String name = builder.freeName("dense");
        Value weight = weight(builder, random, name + "/weight", width, 6);
        Value bias = weight(builder, random, name + "/bias", width);
        return builder.add(new Op.Linear(function, DType.F32), x, weight, bias);
    }

    private static Value weight(GraphBuilder builder, SplittableRandom random, String name, long... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[(int) shape.elementCount().value()];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextDouble(-1, 1);
        }
        return builder.constant(name, Tensor.ofFloats(shape, values));
    }
}
