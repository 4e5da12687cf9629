package dev.hone.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.RowRange;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTextTest {
    private static final String EXAMPLE = """
            graph example
            input %x: f32[batch, sequence, 2]
            input %mask: i64[batch, sequence]
            constant %w: f32[6, 2] = {1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 -0.0 1.0E-30 0.1 1.0}
            constant %b: f32[6] = {1.0 2.0 3.0 4.0 5.0 6.0}
            %qkv: f32[batch, sequence, 6] = linear{activation=none; arithmetic=f32}(%x, %w, %b)
            %context: f32[batch, sequence, 2] = attention{heads=2; headSize=1; scale=0.125; arithmetic=f32}(%qkv, %mask)
            %swapped: f32[batch, 2, sequence] = transpose{permutation=0 2 1}(%context)
            %mean: f32[batch, sequence] = reduce{function=mean; axes=1; keepAxes=false}(%swapped)
            output context = %context
            output mean = %mean
            """;

    /** One of each operator. */
    private static final List<Op> EVERY = List.of(
            new Op.Binary(Op.BinaryFunction.GREATER_OR_EQUAL),
            new Op.Unary(Op.UnaryFunction.IS_NAN),
            new Op.Where(),
            new Op.Cast(DType.BOOL),
            new Op.MatMul(),
            new Op.Transpose(List.of(1, 0, 2)),
            new Op.Reshape(Shape.SCALAR),
            new Op.Expand(Shape.of(Dim.BATCH, Dim.of(1))),
            new Op.Gather(0),
            new Op.Slice(1, Dim.of(2), Dim.of(3)),
            new Op.Concat(2),
            new Op.Softmax(-1),
            new Op.Reduce(Op.ReduceFunction.MAXIMUM, List.of(0, 2), true),
            new Op.CumulativeSum(1),
            new Op.Range(Dim.SEQUENCE),
            new Op.Dropout(0.1),
            new Op.LayerNorm(1e-5),
            new Op.Activate(Activation.TANH),
            new Op.Embedding(PositionScheme.ABSOLUTE, 1e-12),
            new Op.Linear(Activation.GELU, DType.F32),
            new Op.QuantizedLinear(Activation.NONE),
            new Op.GroupedLinear(Activation.NONE),
            new Op.Attention(1, 64, 0.125, DType.F32),
            new Op.ResidualLayerNorm(0),
            new Op.FirstToken(),
            new Op.Column(1),
            new Op.Pool(Op.Pooling.CLS),
            new Op.Normalize(1e-9));

    @Test
    void printsWhatItParses() {
        assertThat(GraphText.print(GraphText.parse(EXAMPLE))).isEqualTo(EXAMPLE);
    }

    @Test
    void everyOperatorPrintsAndParses() {
        List<Op> ops = List.of(
                new Op.Binary(Op.BinaryFunction.LESS_OR_EQUAL),
                new Op.Cast(DType.F16),
                new Op.Reshape(Shape.of(Dim.BATCH, Dim.of(12).times(Dim.SEQUENCE))),
                new Op.Slice(1, Dim.of(0), Dim.SEQUENCE),
                new Op.Reduce(Op.ReduceFunction.L2, List.of(), true),
                new Op.Embedding(PositionScheme.skipping(1), 1e-12),
                new Op.Linear(Activation.GELU, DType.BF16),
                new Op.QuantizedLinear(Activation.RELU),
                new Op.QuantizedLinear(Activation.NONE, new RowRange(-1.25f, 3e-7f)),
                new Op.GroupedLinear(Activation.GELU),
                new Op.Attention(2, 3, 0.1, DType.BF16),
                new Op.FirstToken());
        assertThat(ops)
                .allSatisfy(op -> assertThat(OpText.parse(OpText.print(op))).isEqualTo(op));
    }

    /** The reader has a line for each operator; one that has none is missing in the list of this test as well. */
    @Test
    void noOperatorLacksAReader() {
        assertThat(EVERY.stream().map(Object::getClass)).containsExactlyInAnyOrderElementsOf(operators(Op.class));
        assertThat(EVERY)
                .allSatisfy(op -> assertThat(OpText.parse(OpText.print(op))).isEqualTo(op));
    }

    private static List<Class<?>> operators(Class<?> sealed) {
        List<Class<?>> operators = new ArrayList<>();
        for (Class<?> type : sealed.getPermittedSubclasses()) {
            operators.addAll(type.isRecord() ? List.of(type) : operators(type));
        }
        return operators;
    }

    /** Text comes from files: whatever is wrong with it, it is read or refused, and nothing else is thrown. */
    @Test
    void readsOrRefusesEveryText() {
        String pieces = "%,:()[]{}=; *\n09-az";
        int rounds = Fuzz.rounds(3000).run(round -> {
            StringBuilder text = new StringBuilder(EXAMPLE);
            for (int changes = round.between(1, 3); changes > 0; changes--) {
                int at = round.between(0, text.length() - 1);
                String piece = String.valueOf(pieces.charAt(round.between(0, pieces.length() - 1)));
                text.replace(at, at + round.between(0, 2), round.between(0, 2) == 0 ? "" : piece);
            }
            try {
                assertThat(GraphText.parse(text.toString()).outputs()).isNotEmpty();
            } catch (HoneException refused) {
                assertThat(refused.category()).isEqualTo(HoneException.Category.CHECKPOINT);
            }
        });
        assertThat(rounds).isPositive();
    }

    @Test
    void productsAreOfFloatsOrBrainFloats() {
        assertThatThrownBy(() -> OpText.parse("linear{activation=none; arithmetic=f16}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not fit linear")
                .hasRootCauseMessage("products are f32 or bf16, not f16");
    }

    @Test
    void namesWithAnyCharactersSurvive() {
        GraphBuilder builder = new GraphBuilder("a b");
        Value x = builder.input("/layer.0/x:0 (%é)", DType.F32, Shape.of(2));
        builder.output("out, put", builder.add(new Op.Activate(Activation.RELU), x));
        Graph graph = builder.build();
        Graph read = GraphText.parse(GraphText.print(graph));
        assertThat(read.inputs().getFirst().name()).isEqualTo("/layer.0/x:0 (%é)");
        assertThat(GraphDifference.between(graph, read)).isEmpty();
    }

    @Test
    void largeConstantsAreFoundOutside() {
        GraphBuilder builder = new GraphBuilder("large");
        Value large = builder.constant("w", Tensor.ofFloats(Shape.of(17), new float[17]));
        builder.output("y", builder.add(new Op.Activate(Activation.TANH), large));
        Graph graph = builder.build();
        assertThat(GraphDifference.between(
                        graph,
                        GraphText.parse(
                                GraphText.print(graph),
                                (name, type, shape) -> graph.constants().get(name))))
                .isEmpty();
        assertThatThrownBy(() -> GraphText.parse(GraphText.print(graph)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("w");
    }

    @Test
    void saysWhichLineIsWrong() {
        assertThatThrownBy(() -> GraphText.parse(EXAMPLE.replace("attention{", "attenton{")))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("line 7")
                .hasMessageContaining("attenton");
        assertThatThrownBy(() -> GraphText.parse(EXAMPLE.replace("f32[6, 2]", "f32[6, 3]")))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("line 4");
    }
}
