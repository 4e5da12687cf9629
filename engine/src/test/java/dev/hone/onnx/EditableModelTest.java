package dev.hone.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.checkpoint.OnnxModel;
import dev.hone.checkpoint.OnnxOutput;
import dev.hone.checkpoint.OnnxWriter;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.GraphDifference;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditableModelTest {
    @TempDir
    Path directory;

    private Path file;
    private Graph graph;

    /** x + 1, then its square root twice. */
    @BeforeEach
    void writeModel() {
        GraphBuilder builder = new GraphBuilder("small");
        Value input = builder.input("x", DType.F32, Shape.of(Dim.BATCH, Dim.SEQUENCE));
        Value one = builder.constant("one", Tensor.ofFloats(Shape.SCALAR, 1));
        Value sum = builder.addNamed("sum", new Op.Binary(Op.BinaryFunction.ADD), List.of(input, one));
        Value root = builder.addNamed("root", new Op.Unary(Op.UnaryFunction.SQUARE_ROOT), List.of(sum));
        Value last = builder.addNamed("last", new Op.Unary(Op.UnaryFunction.SQUARE_ROOT), List.of(root));
        builder.output("answer", last);
        graph = builder.build();
        file = directory.resolve("model.onnx");
        OnnxWriter.write(graph, file);
    }

    @Test
    void whatIsNotEditedStays() {
        Path copy = directory.resolve("copy.onnx");
        try (EditableModel model = EditableModel.open(file)) {
            model.save(copy, OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
        }
        try (OnnxModel read = OnnxModel.open(copy)) {
            assertThat(GraphDifference.between(graph, read.graph())).isEmpty();
        }
    }

    @Test
    void readersAndProducersFollowTheEdits() {
        try (EditableModel model = EditableModel.open(file)) {
            EditableNode root = model.producer("root").orElseThrow();
            EditableNode tanh = model.add("tanh", "Tanh", List.of("sum"), List.of(model.freeName("tanh")));
            model.replace("root", tanh.output());
            assertThat(model.readers("root")).isEmpty();
            assertThat(model.readers(tanh.output())).hasSize(1);
            assertThat(model.removeUnused()).isEqualTo(1);
            assertThat(model.nodes()).doesNotContain(root);
            assertThat(model.operatorCounts()).containsEntry("Tanh", 1).containsEntry("Sqrt", 1);
        }
    }

    @Test
    void anOutputKeepsItsName() {
        Path edited = directory.resolve("edited.onnx");
        try (EditableModel model = EditableModel.open(file)) {
            model.replace("answer", "root");
            model.removeUnused();
            model.save(edited, OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
            assertThat(model.operatorCounts()).doesNotContainKey("Identity");
        }
        try (OnnxModel read = OnnxModel.open(edited)) {
            assertThat(read.graph().outputs()).containsOnlyKeys("answer");
            assertThat(read.graph().nodes()).hasSize(2);
        }
    }

    @Test
    void anInputThatIsAnOutputIsHandedOn() {
        try (EditableModel model = EditableModel.open(file)) {
            model.replace("answer", "x");
            assertThat(model.producer("answer")).get().matches(node -> node.is("Identity"));
        }
    }

    @Test
    void nodesAreSavedInAnOrderOfComputation() {
        Path edited = directory.resolve("edited.onnx");
        try (EditableModel model = EditableModel.open(file)) {
            EditableNode first = model.add("first", "Neg", List.of("x"), List.of(model.freeName("first")));
            EditableNode sum = model.producer("sum").orElseThrow();
            model.changeInput(sum, 0, first.output());
            EditableNode last = model.producer("answer").orElseThrow();
            model.changeInput(last, 0, "root");
            model.save(edited, 0);
        }
        try (OnnxModel read = OnnxModel.open(edited)) {
            assertThat(read.graph().nodes()).hasSize(4);
        }
        assertThat(directory.resolve("edited.onnx.data")).exists();
    }

    @Test
    void nodesThatWaitForEachOtherAreRefused() {
        try (EditableModel model = EditableModel.open(file)) {
            model.changeInput(model.producer("sum").orElseThrow(), 0, "answer");
            assertThatThrownBy(model::sort).isInstanceOf(HoneException.class).hasMessageContaining("its own result");
        }
    }
}
