package dev.hone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import org.junit.jupiter.api.Test;

final class ModelWorkTest {
    private static final Graph GRAPH = GraphText.parse("""
            graph example
            input %x: f32[batch, sequence, 2]
            input %mask: i64[batch, sequence]
            constant %w: f32[6, 2] = {1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 -0.0 1.0E-30 0.1 1.0}
            constant %b: f32[6] = {1.0 2.0 3.0 4.0 5.0 6.0}
            %qkv: f32[batch, sequence, 6] = linear{activation=none; arithmetic=f32}(%x, %w, %b)
            %context: f32[batch, sequence, 2] = attention{heads=2; headSize=1; scale=0.125; arithmetic=f32}(%qkv, %mask)
            output context = %context
            """);

    @Test
    void productsAndAttentionAreCounted() {
        // 6 rows of 6 columns over a depth of 2; for 2 sequences 3 * 3 pairs of tokens, 2 wide, in two products.
        assertThat(new ModelWork(GRAPH).operations(new InputShape(2, 3))).isEqualTo(2 * 6 * 6 * 2 + 2 * 2 * 18 * 2);
    }

    @Test
    void aGraphWithoutTokenIdsHasNoVocabulary() {
        assertThatThrownBy(() -> new ModelWork(GRAPH).vocabulary()).isInstanceOf(IllegalStateException.class);
    }
}
