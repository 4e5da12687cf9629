package dev.hone.architecture;

import dev.hone.graph.Graph;
import java.util.List;

/**
 * A checkpoint as a graph.
 *
 * @param graph of fused operators
 * @param unusedWeights names of weights in the files that the architecture has no place for
 */
public record LoadedArchitecture(Graph graph, List<String> unusedWeights) {
    public LoadedArchitecture {
        unusedWeights = List.copyOf(unusedWeights);
    }
}
