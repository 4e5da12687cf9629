package dev.hone.transform;

import dev.hone.graph.Graph;

/** Runs one pass with its report. */
final class TransformTesting {
    private TransformTesting() {}

    static Pipeline.Result apply(Pass pass, Graph graph) {
        return Pipeline.named("test").then(pass).run(graph);
    }
}
