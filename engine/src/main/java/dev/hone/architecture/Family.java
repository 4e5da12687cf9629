package dev.hone.architecture;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Configuration;
import java.util.Arrays;
import java.util.List;

/** The architectures that are known: how their configurations and weights are named, and what sets them apart. */
enum Family {
    BERT(List.of("bert"), "bert."),
    ROBERTA(List.of("roberta", "xlm-roberta", "camembert"), "roberta."),
    ELECTRA(List.of("electra"), "electra."),
    DISTILBERT(List.of("distilbert"), "distilbert.");

    private static final LayerNames BERT_LAYER = new LayerNames(
            "encoder.layer.",
            List.of("attention.self.query", "attention.self.key", "attention.self.value"),
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");
    private static final LayerNames DISTILBERT_LAYER = new LayerNames(
            "transformer.layer.",
            List.of("attention.q_lin", "attention.k_lin", "attention.v_lin"),
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm");

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of, which is immutable.
    private final List<String> modelTypes;

    private final String prefix;

    Family(List<String> modelTypes, String prefix) {
        this.modelTypes = modelTypes;
        this.prefix = prefix;
    }

    /**
     * Names of a layer's weights, behind the layer's number.
     *
     * @param start what stands before the number
     * @param projections queries, keys, values
     */
    record LayerNames(
            String start,
            List<String> projections,
            String attentionOutput,
            String attentionNorm,
            String inner,
            String output,
            String outputNorm) {}

    /** What names of the encoder's weights begin with when a head was saved with it. */
    String prefix() {
        return prefix;
    }

    LayerNames layer() {
        return switch (this) {
            case BERT, ROBERTA, ELECTRA -> BERT_LAYER;
            case DISTILBERT -> DISTILBERT_LAYER;
        };
    }

    boolean hasTokenTypes() {
        return this != DISTILBERT;
    }

    static Family of(Configuration configuration) {
        String type = configuration.text("model_type").orElseThrow(() -> configuration.missing("model_type"));
        for (Family family : values()) {
            if (family.modelTypes.contains(type)) {
                return family;
            }
        }
        List<String> known = Arrays.stream(values())
                .flatMap(family -> family.modelTypes.stream())
                .toList();
        throw new HoneException(
                Category.UNSUPPORTED,
                configuration.file() + ": model_type '" + type + "' is not known; known are "
                        + String.join(", ", known));
    }
}
