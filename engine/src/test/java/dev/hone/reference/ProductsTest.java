package dev.hone.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.graph.GraphText;
import dev.hone.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Products in each arithmetic by values computed by hand, exact to the bit. */
final class ProductsTest {
    @Test
    void brainFloatProductsRoundBothOperands() {
        assertThat(run("""
                constant %x: f32[1, 2] = {1.001 2.0}
                constant %w: f32[1, 2] = {3.0 4.001}
                constant %b: f32[1] = {1.001}
                %y: f32[1, 1] = linear{activation=none; arithmetic=bf16}(%x, %w, %b)
                """)).containsExactly(12.001f);
    }

    @Test
    void halfWeightsAreFloatsInFloatArithmetic() {
        assertThat(run("""
                constant %x: f32[1, 2] = {1.0 2.0}
                constant %w: f16[1, 2] = {3.0 0.5}
                constant %b: f32[1] = {1.0}
                %y: f32[1, 1] = linear{activation=none; arithmetic=f32}(%x, %w, %b)
                """)).containsExactly(5);
    }

    /** Bytes 0 and 255 around the zero 55 with step 1: sums -55·2 + 200·3 and 55 - 200·127. */
    @Test
    void quantisedRowsKeepTheirZero() {
        assertThat(run("""
                constant %x: f32[1, 2] = {-55.0 200.0}
                constant %w: i8[2, 2] = {2 3 -1 -127}
                constant %s: f32[2] = {0.5 1.0}
                constant %b: f32[2] = {1.0 0.0}
                %y: f32[1, 2] = quantizedLinear{activation=relu; range=own}(%x, %w, %s, %b)
                """)).containsExactly(246, 0);
    }

    /** Steps 3/255 and 0.1/255 for the rows; the row of zeros gives the bias. */
    @Test
    void rowsAreQuantisedByThemselves() {
        assertThat(run("""
                constant %x: f32[3, 1] = {0.0 3.0 0.1}
                constant %w: i8[1, 1] = {127}
                constant %s: f32[1] = {2.0}
                constant %b: f32[1] = {7.0}
                %y: f32[3, 1] = quantizedLinear{activation=none; range=own}(%x, %w, %s, %b)
                """)).containsExactly(7, 255 * 127 * (3f / 255 * 2) + 7, 255 * 127 * (0.1f / 255 * 2) + 7);
    }

    /**
     * Bytes 0, 255 and 55 around the zero 55 with step 1, two groups: 33 inputs, of which the last is 200. The sums of
     * products are -55·2 + 200·3 = 490 and 200·-8, those with scales 490 / 2 - 1600 · 4.
     */
    @Test
    void groupsHaveTheirScales() {
        String zeros = "0 ".repeat(30);
        assertThat(run("""
                constant %%x: f32[1, 33] = {-55.0 200.0 %s200.0}
                constant %%w: i8[1, 33] = {2 3 %s-8}
                constant %%s: bf16[1, 2] = {0.5 4.0}
                constant %%b: f32[1] = {1.0}
                %%y: f32[1, 1] = groupedLinear{activation=none}(%%x, %%w, %%s, %%b)
                """.formatted(zeros.replace("0", "0.0"), zeros))).containsExactly(245 - 6400 + 1);
    }

    @Test
    void brainFloatAttentionRoundsValues() {
        assertThat(run("""
                constant %x: f32[1, 1, 3] = {1.0 1.0 1.001}
                constant %mask: i64[1, 1] = {1}
                %y: f32[1, 1, 1] = attention{heads=1; headSize=1; scale=1.0; arithmetic=bf16}(%x, %mask)
                """)).containsExactly(1);
    }

    private static float[] run(String statements) {
        String text = "graph single\n" + statements + "output y = %y\n";
        Map<String, Tensor> outputs = ReferenceInterpreter.run(GraphText.parse(text), Map.of());
        return Objects.requireNonNull(outputs.get("y")).toFloatArray();
    }
}
