package dev.hone.testkit;

/** The smallest BERT with a head for sequences, for tests of the road from files to answers. */
public final class TinyBert {
    public static final int VOCABULARY = 11;
    public static final int POSITIONS = 9;
    public static final int TYPES = 2;
    public static final int LABELS = 3;
    public static final int HIDDEN = 6;

    private static final int INNER = 5;

    private TinyBert() {}

    /** A checkpoint that can be spoiled before it is written. */
    public static SmallCheckpoint classifier() {
        SmallCheckpoint made = new SmallCheckpoint(3).set("model_type", "bert");
        made.architecture("BertForSequenceClassification").set("hidden_act", "gelu");
        made.set("vocab_size", VOCABULARY).set("max_position_embeddings", POSITIONS);
        made.set("hidden_size", HIDDEN).set("intermediate_size", INNER).set("type_vocab_size", TYPES);
        made.set("num_hidden_layers", 1).set("num_attention_heads", 2);
        made.tensor("bert.embeddings.word_embeddings.weight", VOCABULARY, HIDDEN);
        made.tensor("bert.embeddings.position_embeddings.weight", POSITIONS, HIDDEN);
        made.tensor("bert.embeddings.token_type_embeddings.weight", TYPES, HIDDEN);
        made.norm("bert.embeddings.LayerNorm", HIDDEN);
        String layer = "bert.encoder.layer.0.";
        for (String part : new String[] {"self.query", "self.key", "self.value", "output.dense"}) {
            made.linear(layer + "attention." + part, HIDDEN, HIDDEN);
        }
        made.norm(layer + "attention.output.LayerNorm", HIDDEN).norm(layer + "output.LayerNorm", HIDDEN);
        made.linear(layer + "intermediate.dense", INNER, HIDDEN).linear(layer + "output.dense", HIDDEN, INNER);
        return made.linear("bert.pooler.dense", HIDDEN, HIDDEN).linear("classifier", LABELS, HIDDEN);
    }
}
