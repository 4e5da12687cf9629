package dev.hone.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.LayerNames;
import dev.hone.graph.Op;
import dev.hone.tensor.DType;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.RandomEncoder;
import dev.hone.transform.Pipeline;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemes: their text, the layers they name, what becomes of these. */
final class SchemeTest {
    private static final Pipeline NOTHING = Pipeline.named("nothing");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f32",
                "int8",
                "int8,f32:layer.4.output",
                "bf16,f32:*.qkv,int8:layer.0.*",
                "int8,activations:static,weights:per-tensor,smooth:0.5,f32:layer.4.output",
                "int8,activations:static-symmetric"
            })
    void textIsReadBack(String text) {
        assertThat(Scheme.parse(text)).hasToString(text).isEqualTo(Scheme.parse(text));
        assertThat(Scheme.parse(" " + text.replace(",", " , "))).isEqualTo(Scheme.parse(text));
    }

    @Test
    void brokenTextIsRefused() {
        refused("int9", "unknown precision 'int9'");
        refused("int8,layer.4.output", "is not of the form PRECISION:LAYER");
        refused("int8,f32:", "'' names no layer");
        refused("int8,f32:layer 4", "'layer 4' names no layer");
        refused("int8,activations:fixed", "activations 'fixed' is unknown: use one of dynamic, static");
        refused("int8,smooth:2", "give a strength from 0 to 1");
        refused("int8,smooth:much", "give a strength from 0 to 1");
        refused("int8,", "is not of the form");
    }

    private static void refused(String text, String words) {
        assertThatThrownBy(() -> Scheme.parse(text))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(words);
    }

    @Test
    void theLastChoiceDecides() {
        Scheme scheme =
                Scheme.of(Precision.INT8).with(Precision.BF16, "layer.1.*").with(Precision.F32, "*.output");
        assertThat(scheme.precisionOf("layer.1.qkv")).isEqualTo(Precision.BF16);
        assertThat(scheme.precisionOf("layer.1.output")).isEqualTo(Precision.F32);
        assertThat(scheme.precisionOf("layer.11.qkv")).isEqualTo(Precision.INT8);
        assertThat(scheme.isUniform()).isFalse();
        assertThat(Scheme.of(Precision.INT8).with(Precision.INT8, "layer.0.qkv").isUniform())
                .isTrue();
    }

    @Test
    void namesFollowFromTheStructure() {
        Fuzz.rounds(5).run(round -> {
            RandomEncoder encoder = RandomEncoder.draw(round);
            List<String> names = List.copyOf(LayerNames.of(encoder.graph()).values());
            assertThat(names)
                    .startsWith(
                            "layer.0.qkv",
                            "layer.0.attention",
                            "layer.0.projection",
                            "layer.0.intermediate",
                            "layer.0.output")
                    .endsWith("head.0", "head.1")
                    .hasSize(5 * encoder.layers() + 2);
            assertThat(LayerNames.find(encoder.graph(), "layer.0.attention"))
                    .hasValueSatisfying(node -> assertThat(node.op()).isInstanceOf(Op.Attention.class));
            assertThat(LayerNames.find(encoder.graph(), "layer.9.qkv")).isEmpty();
        });
    }

    @Test
    void chosenLayersKeepTheirPrecision() {
        Fuzz.rounds(20).run(round -> {
            Graph before = RandomEncoder.draw(round).graph();
            Scheme scheme = Scheme.parse("int8,f32:layer.0.output,f32:layer.0.attention,bf16:layer.0.qkv");
            Graph uniform = Precision.INT8.after(NOTHING, true).run(before).graph();
            Pipeline.Result result = scheme.after(NOTHING, true).run(before);
            Map<String, String> names = LayerNames.of(result.graph());
            assertThat(names).isEqualTo(LayerNames.of(before));
            for (int index = 0; index < before.nodes().size(); index++) {
                Op original = before.nodes().get(index).op();
                Op quantized = uniform.nodes().get(index).op();
                Op chosen = result.graph().nodes().get(index).op();
                switch (names.getOrDefault(before.nodes().get(index).name(), "")) {
                    case "layer.0.output", "layer.0.attention" ->
                        assertThat(chosen).isEqualTo(original);
                    case "layer.0.qkv" -> assertThat(isBfloat(chosen)).isEqualTo(!quantized.equals(original));
                    default -> assertThat(chosen).isEqualTo(quantized);
                }
            }
            assertThat(result.report().entries().get(1).refusals())
                    .anySatisfy(refusal -> assertThat(refusal.reason())
                            .isEqualTo("the scheme gives layer.0.output the precision f32"));
        });
    }

    private static boolean isBfloat(Op op) {
        return op instanceof Op.Linear linear && linear.arithmetic() == DType.BF16;
    }

    @Test
    void layersThatAreNotThereAreRefusedWithTheNearest() {
        Fuzz.rounds(1).run(round -> {
            Graph graph = RandomEncoder.draw(round).graph();
            Pipeline pipeline = Scheme.parse("int8,f32:layer.0.outptu").after(NOTHING, true);
            assertThatThrownBy(() -> pipeline.run(graph))
                    .isInstanceOf(HoneException.class)
                    .hasMessage("the model has no layer layer.0.outptu; the nearest is layer.0.output");
        });
    }
}
