package dev.hone.architecture;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Configuration;
import dev.hone.graph.Activation;
import dev.hone.graph.PositionScheme;

/**
 * What a configuration says of an encoder, checked before anything is made from it.
 *
 * @param hidden columns of a token's row
 * @param embedding columns of the embedding tables; other than {@code hidden} where a projection follows them
 * @param inner columns between the two products of the feed-forward part
 * @param positionRows rows of the position table
 */
record Sizes(
        int hidden,
        int embedding,
        int inner,
        int layers,
        int heads,
        int vocabulary,
        int positionRows,
        int types,
        double epsilon,
        Activation activation,
        PositionScheme positions) {
    private static final long LARGEST = 1 << 24;
    /** DistilBERT's, which its configuration does not name, and that of configurations which are silent. */
    private static final double USUAL_EPSILON = 1e-12;

    /** The width that ELECTRA's tables have where the configuration is silent. */
    private static final int ELECTRA_EMBEDDING = 128;

    static Sizes of(Configuration configuration, Family family) {
        refuseWhatIsNoEncoder(configuration);
        Reader reader = new Reader(configuration);
        boolean distilled = family == Family.DISTILBERT;
        int hidden = reader.size(distilled ? "dim" : "hidden_size");
        int padding = Math.toIntExact(reader.bounded(
                "pad_token_id", configuration.integer("pad_token_id").orElse(family == Family.ROBERTA ? 1L : 0L)));
        return new Sizes(
                hidden,
                family == Family.ELECTRA ? reader.size("embedding_size", ELECTRA_EMBEDDING) : hidden,
                reader.size(distilled ? "hidden_dim" : "intermediate_size"),
                reader.size(distilled ? "n_layers" : "num_hidden_layers"),
                reader.size(distilled ? "n_heads" : "num_attention_heads"),
                reader.size("vocab_size"),
                reader.size("max_position_embeddings"),
                family.hasTokenTypes() ? reader.size("type_vocab_size", 2) : 0,
                distilled ? USUAL_EPSILON : reader.epsilon("layer_norm_eps"),
                ActivationNames.find(configuration, distilled ? "activation" : "hidden_act"),
                family == Family.ROBERTA ? PositionScheme.skipping(padding) : PositionScheme.ABSOLUTE);
    }

    private static void refuseWhatIsNoEncoder(Configuration configuration) {
        String positions = configuration.text("position_embedding_type").orElse("absolute");
        if (!positions.equals("absolute")) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    configuration.file() + ": position_embedding_type '" + positions
                            + "' is not known; known is absolute");
        }
        for (String key : new String[] {"is_decoder", "add_cross_attention"}) {
            if (configuration.flag(key).orElse(false)) {
                throw new HoneException(
                        Category.UNSUPPORTED, configuration.file() + ": " + key + " is set; only encoders are known");
            }
        }
    }

    /** Reads sizes: whole numbers of at least 1 that are not absurd. */
    private record Reader(Configuration configuration) {
        int size(String key) {
            long value = configuration.integer(key).orElseThrow(() -> configuration.missing(key));
            return checked(key, value);
        }

        int size(String key, int missing) {
            return checked(key, configuration.integer(key).orElse((long) missing));
        }

        /** What keeps a division from zero: more than nothing, and not so much that it decides. */
        double epsilon(String key) {
            double value = configuration.number(key).orElse(USUAL_EPSILON);
            if (!(value > 0 && value <= 1)) {
                throw new HoneException(
                        Category.CHECKPOINT,
                        configuration.file() + ": " + key + " is " + value + ", expected more than 0 and at most 1");
            }
            return value;
        }

        private int checked(String key, long value) {
            if (value < 1) {
                throw absurd(key, value);
            }
            return (int) bounded(key, value);
        }

        long bounded(String key, long value) {
            if (value < 0 || value > LARGEST) {
                throw absurd(key, value);
            }
            return value;
        }

        private HoneException absurd(String key, long value) {
            return new HoneException(
                    Category.CHECKPOINT,
                    configuration.file() + ": " + key + " is " + value + ", expected a number from 1 to " + LARGEST);
        }
    }
}
