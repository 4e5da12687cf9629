package dev.hone.transform;

import dev.hone.graph.Graph;

/** One named step of a pipeline: a graph to an equal graph. */
public interface Pass {
    /** The name in reports, dumps and options, as published where the transform has a published name. */
    String name();

    /** Applies the pass; refusals and counts go to the account. */
    Graph apply(Graph graph, PassAccount account);
}
