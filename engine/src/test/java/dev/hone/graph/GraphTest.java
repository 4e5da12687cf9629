package dev.hone.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static final Value X = new Value("x", DType.F32, Shape.of(Dim.BATCH, Dim.of(4)));
    private static final Op RELU = new Op.Activate(Activation.RELU);

    private static Node relu(String name, Value input) {
        return new Node(RELU, List.of(input), new Value(name, input.type(), input.shape()));
    }

    @Test
    void refusesCycles() {
        Value b = new Value("b", X.type(), X.shape());
        Node first = relu("a", b);
        Node second = relu("b", first.output());
        assertThatThrownBy(() -> new Graph("g", List.of(X), Map.of(), List.of(first, second), Map.of("y", b)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("node a reads b");
    }

    @Test
    void refusesDoubleDefinitionsAndWrongTypes() {
        Node first = relu("a", X);
        assertThatThrownBy(
                        () -> new Graph("g", List.of(X), Map.of(), List.of(first, first), Map.of("y", first.output())))
                .hasMessageContaining("a is defined twice");
        Node lying = new Node(RELU, List.of(X), new Value("a", DType.F32, Shape.of(3)));
        assertThatThrownBy(() -> new Graph("g", List.of(X), Map.of(), List.of(lying), Map.of("y", lying.output())))
                .hasMessageContaining("declared f32[3]");
        assertThatThrownBy(() -> new Graph("g", List.of(X), Map.of(), List.of(first), Map.of()))
                .hasMessageContaining("no output");
    }

    @Test
    void refusesOperandsThatDoNotFit() {
        GraphBuilder builder = new GraphBuilder("g");
        Value x = builder.input("x", DType.F32, Shape.of(2, 3));
        Value y = builder.input("y", DType.F32, Shape.of(4, 2));
        assertThatThrownBy(() -> builder.add(new Op.MatMul(), x, y)).hasMessageContaining("inner extents differ");
        assertThatThrownBy(() -> builder.add(new Op.Binary(Op.BinaryFunction.ADD), x, y))
                .hasMessageContaining("do not broadcast");
        assertThatThrownBy(() -> builder.add(new Op.Reshape(Shape.of(5)), x)).hasMessageContaining("elements");
        assertThatThrownBy(() -> builder.add(new Op.Softmax(2), x)).hasMessageContaining("axis 2");
    }

    @Test
    void knowsProducersAndReaders() {
        GraphBuilder builder = new GraphBuilder("g");
        Value x = builder.input("x", DType.F32, Shape.of(2, 3));
        Value y = builder.add(RELU, x);
        Value z = builder.add(new Op.Binary(Op.BinaryFunction.ADD), y, y);
        builder.output("z", z);
        Graph graph = builder.build();
        assertThat(graph.producer(x)).isEmpty();
        assertThat(graph.producer(z).orElseThrow().inputs()).containsExactly(y, y);
        assertThat(graph.readers(y)).hasSize(1);
        assertThat(graph.isOutput(z)).isTrue();
    }

    @Test
    void differenceNamesTheFirstPlaceAndIgnoresNames() {
        String text = """
                graph g
                input %x: f32[batch, 4]
                constant %c: f32[4] = {1.0 2.0 3.0 4.0}
                %a: f32[batch, 4] = binary{function=add}(%x, %c)
                %b: f32[batch, 4] = unary{function=tanh}(%a)
                output y = %b
                """;
        Graph graph = GraphText.parse(text);
        assertThat(GraphDifference.between(graph, GraphText.parse(text.replace("%a", "%other"))))
                .isEmpty();
        assertThat(GraphDifference.between(graph, GraphText.parse(text.replace("3.0", "3.5"))))
                .containsExactly("c (constant) against c (constant)");
        assertThat(GraphDifference.between(graph, GraphText.parse(text.replace("tanh", "erf"))))
                .singleElement()
                .asString()
                .contains("tanh")
                .contains("erf");
    }

    @Test
    void tensorsAreViews() {
        Tensor first = Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Tensor second = Tensor.ofFloats(Shape.of(1, 3), 7, 8, 9);
        Tensor joined = Tensor.concatenate(0, List.of(first, second)).transposed();
        assertThat(joined.shape()).isEqualTo(Shape.of(3, 3));
        assertThat(joined.toFloatArray()).containsExactly(1, 4, 7, 2, 5, 8, 3, 6, 9);
        assertThat(joined.getDouble(2, 2)).isEqualTo(9);
        assertThatThrownBy(() -> joined.getDouble(3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        float[] line = new float[2];
        joined.readLine(1, new long[] {1, 1}, line, 2);
        assertThat(line).containsExactly(5, 8);
    }
}
