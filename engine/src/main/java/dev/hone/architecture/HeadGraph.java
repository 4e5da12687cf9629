package dev.hone.architecture;

import dev.hone.graph.Activation;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import java.util.List;

/** Adds a head to an encoder and names the outputs. */
final class HeadGraph {
    private final GraphBuilder graph;
    private final Weights weights;
    private final Family family;
    private final Sizes sizes;
    private final EncoderGraph encoder;

    HeadGraph(GraphBuilder graph, Weights weights, Family family, Sizes sizes, EncoderGraph encoder) {
        this.graph = graph;
        this.weights = weights;
        this.family = family;
        this.sizes = sizes;
        this.encoder = encoder;
    }

    void add(Head head, Value rows) {
        switch (head) {
            case NONE -> encoderAlone(rows);
            case SEQUENCE_CLASSIFICATION -> graph.output("logits", sequenceClassification(rows));
            case TOKEN_CLASSIFICATION -> graph.output("logits", classifier("classifier", rows));
            case QUESTION_ANSWERING -> questionAnswering(rows);
            case MASKED_LANGUAGE_MODEL -> graph.output("logits", maskedLanguageModel(rows));
        }
    }

    private void encoderAlone(Value rows) {
        graph.output("last_hidden_state", rows);
        if (weights.has("pooler.dense.weight")) {
            graph.output("pooler_output", pooler(rows));
        }
    }

    private Value pooler(Value rows) {
        Value first = graph.addNamed("first_token", new Op.FirstToken(), List.of(rows));
        return encoder.linear("pooler.dense", first, sizes.hidden(), Activation.TANH);
    }

    private Value sequenceClassification(Value rows) {
        return switch (family) {
            case BERT -> classifier("classifier", pooler(rows));
            case ROBERTA -> classifier("classifier.out_proj", dense("classifier.dense", rows, Activation.TANH));
            case ELECTRA -> classifier("classifier.out_proj", dense("classifier.dense", rows, Activation.GELU));
            case DISTILBERT -> classifier("classifier", dense("pre_classifier", rows, Activation.RELU));
        };
    }

    private Value dense(String name, Value rows, Activation activation) {
        Value first = graph.addNamed("first_token", new Op.FirstToken(), List.of(rows));
        return encoder.linear(name, first, sizes.hidden(), activation);
    }

    /** The last layer; the checkpoint says how many labels there are. */
    private Value classifier(String name, Value rows) {
        long labels = weights.rows(name + ".weight", rows.shape().last().value());
        return encoder.linear(name, rows, Math.toIntExact(labels), Activation.NONE);
    }

    private void questionAnswering(Value rows) {
        Value both = encoder.linear("qa_outputs", rows, 2, Activation.NONE);
        graph.output("start_logits", graph.addNamed("start", new Op.Column(0), List.of(both)));
        graph.output("end_logits", graph.addNamed("end", new Op.Column(1), List.of(both)));
    }

    private Value maskedLanguageModel(Value rows) {
        return switch (family) {
            case BERT -> {
                Value dense =
                        encoder.linear("cls.predictions.transform.dense", rows, sizes.hidden(), sizes.activation());
                yield decoder(
                        encoder.norm("cls.predictions.transform.LayerNorm", dense),
                        "cls.predictions.decoder",
                        "cls.predictions");
            }
            case ROBERTA -> {
                Value dense = encoder.linear("lm_head.dense", rows, sizes.hidden(), Activation.GELU);
                yield decoder(encoder.norm("lm_head.layer_norm", dense), "lm_head.decoder", "lm_head");
            }
            case ELECTRA -> {
                Value dense = encoder.linear("generator_predictions.dense", rows, sizes.embedding(), Activation.GELU);
                yield decoder(
                        encoder.norm("generator_predictions.LayerNorm", dense),
                        "generator_lm_head",
                        "generator_lm_head");
            }
            case DISTILBERT -> {
                Value dense = encoder.linear("vocab_transform", rows, sizes.hidden(), sizes.activation());
                yield decoder(encoder.norm("vocab_layer_norm", dense), "vocab_projector", "vocab_projector");
            }
        };
    }

    /** Scores of all words: own weights where they were saved, otherwise those of the word embeddings. */
    private Value decoder(Value rows, String name, String biasOwner) {
        long width = rows.shape().last().value();
        String tied = "embeddings.word_embeddings";
        String owner = weights.has(name + ".weight") ? name : tied;
        Value weight = weights.constant(owner + ".weight", sizes.vocabulary(), width);
        String biasName = weights.has(biasOwner + ".bias") ? biasOwner : name;
        Value bias = weights.constant(biasName + ".bias", sizes.vocabulary());
        return graph.addNamed("decoder", new Op.Linear(Activation.NONE, DType.F32), List.of(rows, weight, bias));
    }
}
