package dev.hone.architecture;

import dev.hone.checkpoint.Checkpoint;
import dev.hone.checkpoint.Configuration;
import dev.hone.graph.GraphBuilder;

/** Builds graphs from checkpoints: BERT, DistilBERT, RoBERTa, XLM-RoBERTa, CamemBERT and ELECTRA with their heads. */
public final class Architectures {
    private Architectures() {}

    /**
     * The graph of a checkpoint with the head that its configuration names; the encoder alone where the modules of a
     * sentence-embedding directory follow it.
     *
     * @param checkpoint must stay open as long as the graph is used: weights are views of its files
     * @throws dev.hone.HoneException of category UNSUPPORTED for an architecture, head, activation or position type
     * that
     *     is not known, of category CHECKPOINT for a weight that is missing or has another shape
     */
    public static LoadedArchitecture load(Checkpoint checkpoint) {
        Configuration configuration = checkpoint.configuration();
        Family family = Family.of(configuration);
        Head head = SentenceEmbedding.isIn(checkpoint.directory()) ? Head.NONE : Head.of(configuration);
        Sizes sizes = Sizes.of(configuration, family);
        GraphBuilder graph = new GraphBuilder(configuration.text("model_type").orElse("model"));
        Weights weights = new Weights(checkpoint, family.prefix(), graph);
        EncoderGraph encoder = new EncoderGraph(graph, weights, family, sizes);
        new HeadGraph(graph, weights, family, sizes, encoder).add(head, encoder.lastHiddenState());
        return new LoadedArchitecture(graph.build(), weights.unused());
    }
}
