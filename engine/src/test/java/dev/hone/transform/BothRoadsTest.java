package dev.hone.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.architecture.Architectures;
import dev.hone.checkpoint.Checkpoint;
import dev.hone.checkpoint.OnnxModel;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphDifference;
import dev.hone.graph.LayerNames;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's ONNX file and its checkpoint, through the pipeline, end in the same graph. */
class BothRoadsTest {
    private static final String CONFIGURATION = """
            {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 30522, "hidden_size": 384,
             "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536, "hidden_act": "gelu",
             "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12}
            """;
    private static final Set<Class<?>> RUN_BY_THE_RUNTIME = Set.of(
            Op.Embedding.class,
            Op.Linear.class,
            Op.Attention.class,
            Op.ResidualLayerNorm.class,
            Op.LayerNorm.class,
            Op.FirstToken.class,
            Op.Column.class);
    private static final String WEIGHT_PRODUCT = "/MatMul_output_0";

    @TempDir
    Path directory;

    @Test
    void miniLmFromItsOnnxFileAndFromSafetensors() throws IOException {
        try (OnnxModel model = OnnxModel.open(embeddedModel())) {
            Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
            Files.writeString(checkpoint.resolve("config.json"), CONFIGURATION);
            writeSafetensors(checkpoint.resolve("model.safetensors"), weightsOf(model.graph()));
            Graph fused = Pipelines.INFERENCE.run(model.graph()).graph();
            assertThat(countsOf(fused))
                    .as("operators of the fused model")
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            Op.Embedding.class,
                            1L,
                            Op.Attention.class,
                            6L,
                            Op.Linear.class,
                            4 * 6L,
                            Op.ResidualLayerNorm.class,
                            2 * 6L));
            try (Checkpoint opened = Checkpoint.open(checkpoint)) {
                areAlike(
                        fused,
                        Pipelines.INFERENCE
                                .run(Architectures.load(opened).graph())
                                .graph());
            }
        }
    }

    @Test
    void everyRecordedArchitecture() throws IOException {
        Path tiny = Shared.require("golden", "tiny");
        int compared = 0;
        try (Stream<Path> models = Files.list(tiny)) {
            for (Path model : models.toList()) {
                try (OnnxModel exported = OnnxModel.open(model.resolve("model.onnx"));
                        Checkpoint checkpoint = Checkpoint.open(model)) {
                    Graph first = Pipelines.INFERENCE.run(exported.graph()).graph();
                    Graph second = Pipelines.INFERENCE
                            .run(Architectures.load(checkpoint).graph())
                            .graph();
                    assertThat(GraphDifference.between(first, second))
                            .as("%s", model)
                            .isEmpty();
                    assertThat(countsOf(first).keySet()).as("%s", model).isSubsetOf(RUN_BY_THE_RUNTIME);
                    compared++;
                }
            }
        }
        assertThat(compared).as("models in %s", tiny).isEqualTo(6);
    }

    private static void areAlike(Graph fused, Graph other) {
        assertThat(LayerNames.of(other).values())
                .containsExactlyElementsOf(LayerNames.of(fused).values());
        assertThat(GraphDifference.between(
                        fused, DeadCode.keepOutputs(other, fused.outputs().keySet())))
                .isEmpty();
    }

    private Path embeddedModel() throws IOException {
        Path file = directory.resolve("model.onnx");
        try (InputStream resource = BothRoadsTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            assertThat(resource).as("the embedded model on the class path").isNotNull();
            Files.copy(resource, file);
        }
        return file;
    }

    private static Map<Class<?>, Long> countsOf(Graph graph) {
        return graph.nodes().stream().map(Node::op).collect(Collectors.groupingBy(Op::getClass, Collectors.counting()));
    }

    /** The weights by the names of the checkpoint: the export named the products' weights by numbers. */
    private static Map<String, Tensor> weightsOf(Graph graph) {
        Map<String, Tensor> weights = new TreeMap<>();
        graph.constants().forEach((name, tensor) -> {
            if (name.startsWith("embeddings.") || name.startsWith("encoder.")) {
                weights.put(name, tensor);
            }
        });
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.MatMul && node.name().endsWith(WEIGHT_PRODUCT)) {
                String module = node.name().substring(1, node.name().length() - WEIGHT_PRODUCT.length());
                graph.constant(node.input(1))
                        .ifPresent(tensor -> weights.put(module.replace('/', '.') + ".weight", tensor.transposed()));
            }
        }
        weights.values().removeIf(tensor -> !tensor.type().isFloat());
        assertThat(weights).as("weights, 16 a layer and 5 of the embedding").hasSize(6 * 16 + 5);
        return weights;
    }

    private static void writeSafetensors(Path file, Map<String, Tensor> weights) throws IOException {
        StringBuilder header = new StringBuilder();
        long begin = 0;
        for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
            long end = begin + weight.getValue().elementCount() * Float.BYTES;
            header.append(header.isEmpty() ? "{" : ",")
                    .append("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(weight.getKey(), dims(weight.getValue().shape()), begin, end));
            begin = end;
        }
        byte[] text = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] length = new byte[Long.BYTES];
            littleEndian(length).putLong(text.length);
            out.write(length);
            out.write(text);
            for (Tensor tensor : weights.values()) {
                float[] numbers = tensor.toFloatArray();
                byte[] bytes = new byte[numbers.length * Float.BYTES];
                littleEndian(bytes).asFloatBuffer().put(numbers);
                out.write(bytes);
            }
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Long> dims(Shape shape) {
        return LongStream.of(shape.toArray()).boxed().toList();
    }
}
