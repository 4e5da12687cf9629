package dev.hone.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.GraphDifference;
import dev.hone.graph.GraphText;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Float16;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxWriterTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenReadsBackEqual() {
        Graph graph = layer();
        Path file = directory.resolve("written.onnx");
        OnnxWriter.write(graph, file);
        try (OnnxModel model = OnnxModel.open(file)) {
            assertThat(GraphDifference.between(graph, model.graph())).isEmpty();
            assertThat(model.graph().inputs()).isEqualTo(graph.inputs());
            assertThat(model.graph().outputs().keySet())
                    .isEqualTo(graph.outputs().keySet());
        }
    }

    @Test
    void largeModelsKeepTheirConstantsInASecondFile() throws IOException {
        Graph graph = layer();
        Path file = directory.resolve("large.onnx");
        OnnxWriter.write(graph, file, ReplacedFiles.ONTO_DISK, 100);
        assertThat(files()).containsExactlyInAnyOrder("large.onnx", "large.onnx.data");
        try (OnnxModel model = OnnxModel.open(file)) {
            assertThat(GraphDifference.between(graph, model.graph())).isEmpty();
        }
        Files.write(directory.resolve("large.onnx.data"), new byte[8]);
        assertThatThrownBy(() -> OnnxModel.open(file))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("external data");
    }

    @Test
    void halfPrecisionConstantsStayAndAreCast() {
        byte[] halves = new byte[4];
        MemorySegment.ofArray(halves).set(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, 2, Float16.toHalf(2f));
        GraphBuilder builder = new GraphBuilder("halves");
        Value x = builder.input("x", DType.F32, Shape.of(Dim.BATCH, Dim.of(1)));
        Value weight = builder.constant("w", Tensor.of(DType.F16, Shape.of(1, 2), MemorySegment.ofArray(halves)));
        builder.output("y", builder.addNamed("y", new Op.MatMul(), List.of(x, weight)));
        Path file = directory.resolve("halves.onnx");
        OnnxWriter.write(builder.build(), file);
        try (OnnxModel model = OnnxModel.open(file)) {
            assertThat(model.notes()).containsExactly("f16 tensors are read as f32");
            assertThat(model.graph().constants().get("w"))
                    .satisfies(tensor -> assertThat(tensor.toFloatArray()).containsExactly(0f, 2f));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linear{activation=none; arithmetic=bf16}(%x, %w, %b)",
                "quantizedLinear{activation=none; range=own}(%x, %q, %b, %b)",
                "groupedLinear{activation=none}(%x, %q, %g, %b)",
                "attention{heads=1; headSize=1; scale=1.0; arithmetic=bf16}(%x, %mask)",
            })
    void loweredPrecisionIsRefused(String node) throws IOException {
        Graph graph = GraphText.parse("""
                graph low
                input %x: f32[batch, sequence, 3]
                input %mask: i64[batch, sequence]
                constant %w: f32[1, 3] = {1 2 3}
                constant %q: i8[1, 3] = {1 2 3}
                constant %g: bf16[1, 1] = {1}
                constant %b: f32[1] = {1}
                %y: f32[batch, sequence, 1] = NODE
                output y = %y
                """.replace("NODE", node));
        assertThatThrownBy(() -> OnnxWriter.write(graph, directory.resolve("low.onnx")))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("node y (")
                .hasMessageContaining("write the model before its precision is lowered")
                .extracting(failure -> ((HoneException) failure).category())
                .isEqualTo(HoneException.Category.UNSUPPORTED);
        assertThat(files()).isEmpty();
    }

    @Test
    void outputsMayShareAValueAndBeInputs() {
        Graph graph = GraphText.parse("""
                graph g
                input %x: f32[batch, 2]
                %logits: f32[batch, 2] = unary{function=tanh}(%x)
                %b: f32[batch, 2] = unary{function=exp}(%logits)
                output logits = %b
                output same = %b
                output input = %x
                """);
        Path file = directory.resolve("outputs.onnx");
        OnnxWriter.write(graph, file);
        try (OnnxModel model = OnnxModel.open(file)) {
            assertThat(GraphDifference.between(graph, model.graph())).isEmpty();
            assertThat(model.graph().outputs().keySet()).containsExactly("logits", "same", "input");
        }
    }

    @Test
    void nothingIsLeftWhenTheDiskIsFull() throws IOException {
        Graph graph = layer();
        for (int room : new int[] {0, 10, 500}) {
            Path file = directory.resolve("full.onnx");
            assertThatThrownBy(() -> OnnxWriter.write(graph, file, full(room), 100 + room))
                    .isInstanceOf(HoneException.class)
                    .hasMessageContaining("full.onnx: cannot be written: No space left on device")
                    .extracting(failure -> ((HoneException) failure).category())
                    .isEqualTo(HoneException.Category.OUTPUT);
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void anOlderFileSurvivesAFailure() throws IOException {
        Graph graph = layer();
        Path file = SafetensorsFile.write(directory.resolve("old.onnx"), "old");
        assertThatThrownBy(() -> OnnxWriter.write(graph, file, full(10), 1000)).isInstanceOf(HoneException.class);
        assertThat(file).hasContent("old");
        assertThat(files()).containsExactly("old.onnx");
    }

    @Test
    void placesThatCannotBeWrittenAreNamed() {
        Graph graph = layer();
        assertThatThrownBy(() -> OnnxWriter.write(graph, directory.resolve("no/such/model.onnx")))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("model.onnx: cannot be written: there is no folder");
        assertThatThrownBy(() -> OnnxWriter.write(graph, directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("it is a folder");
    }

    private Graph layer() {
        Path file = OnnxLayer.build().write(directory.resolve("layer.onnx"));
        try (OnnxModel model = OnnxModel.open(file)) {
            Graph graph = model.graph();
            return GraphText.parse(
                    graph.toString(),
                    (name, type, shape) -> copy(graph.constants().get(name)));
        } finally {
            delete(file);
        }
    }

    /** A constant that outlives the file. */
    private static Tensor copy(@org.jspecify.annotations.Nullable Tensor tensor) {
        if (tensor == null) {
            throw new IllegalStateException("no such constant");
        }
        return Tensor.ofFloats(tensor.shape(), tensor.toFloatArray());
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    /** A disk that takes so many bytes and then is full. */
    private static ReplacedFiles.Opener full(int room) {
        return file -> {
            Files.createFile(file);
            return new OutputStream() {
                private int written;

                @Override
                public void write(int octet) throws IOException {
                    if (++written > room) {
                        throw new IOException("No space left on device");
                    }
                }
            };
        };
    }
}
