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
        return classifier(HIDDEN, INNER);
    }

    /** One with layers of a size that lower precisions take. */
    public static SmallCheckpoint classifier(int hidden, int inner) {
        SmallCheckpoint made = new SmallCheckpoint(3).set("model_type", "bert");
        made.architecture("BertForSequenceClassification").set("hidden_act", "gelu");
        made.set("vocab_size", VOCABULARY).set("max_position_embeddings", POSITIONS);
        made.set("hidden_size", hidden).set("intermediate_size", inner).set("type_vocab_size", TYPES);
        made.set("num_hidden_layers", 1).set("num_attention_heads", 2);
        made.tensor("bert.embeddings.word_embeddings.weight", VOCABULARY, hidden);
        made.tensor("bert.embeddings.position_embeddings.weight", POSITIONS, hidden);
        made.tensor("bert.embeddings.token_type_embeddings.weight", TYPES, hidden);
        made.norm("bert.embeddings.LayerNorm", hidden);
        String layer = "bert.encoder.layer.0.";
        for (String part : new String[] {"self.query", "self.key", "self.value", "output.dense"}) {
            made.linear(layer + "attention." + part, hidden, hidden);
        }
        made.norm(layer + "attention.output.LayerNorm", hidden).norm(layer + "output.LayerNorm", hidden);
        made.linear(layer + "intermediate.dense", inner, hidden).linear(layer + "output.dense", hidden, inner);
        return made.linear("bert.pooler.dense", hidden, hidden).linear("classifier", LABELS, hidden);
    }
}
