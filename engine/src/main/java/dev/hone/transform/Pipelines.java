package dev.hone.transform;

/** The recipes. */
public final class Pipelines {
    /** From an exported graph of small operators to the fused graph that the runtime runs. */
    public static final Pipeline INFERENCE = Pipeline.named("inference")
            .then(new RemoveDropout())
            .then(new MoveBiasOutOfWeight())
            .then(new UnstackLinears())
            .then(new SimplifyShapes())
            .then(new FoldConstants())
            .then(new EliminateCommonSubexpressions())
            .then(new FuseLinear())
            .then(new FuseLayerNorm())
            .then(new FuseActivation())
            .then(new FuseEmbedding())
            .then(new FoldTokenTypes())
            .then(new FuseAttention())
            .then(new JoinSlices())
            .then(new MergeLinears())
            .then(new FuseActivationIntoLinear())
            .then(new FuseResidualLayerNorm())
            .then(new FuseFirstToken())
            .then(new FuseColumn())
            .then(new FusePooling())
            .then(new FuseNormalize())
            .then(new DeadCode());

    private Pipelines() {}
}
