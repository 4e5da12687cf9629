package dev.hone.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LayerNameTest {
    @ParameterizedTest
    @CsvSource({
        "encoder.layer.3.attention.output,3",
        "bert.encoder.layer.0,0",
        "/encoder/layer.11/output/LayerNorm/Add_1,11",
        "distilbert.transformer.layer.5.ffn,5",
        "transformer.layers.2.norm,2",
        "layer_7_output,7",
        "embeddings.LayerNorm,",
        "player.3.x,",
        "layer.norm,",
        "layer.99999.x,",
    })
    void findsTheNumberOfALayer(String node, Integer layer) {
        assertThat(LayerName.of(node)).isEqualTo(layer);
    }
}
