package dev.hone.report;

import dev.hone.graph.Graph;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/** Something to know about a model or about data, for example {@code rows} and {@code 872}. */
public record Fact(String name, String value) {
    /** What a graph tells of itself. */
    public static List<Fact> ofGraph(Graph graph) {
        LayerAssignment layers = new LayerAssignment(graph);
        long layered = graph.nodes().stream()
                .map(layers::of)
                .filter(layer -> layer != null)
                .distinct()
                .count();
        long numbers = graph.constants().values().stream()
                .mapToLong(Tensor::elementCount)
                .sum();
        return List.of(
                new Fact("graph", graph.name()),
                new Fact("nodes", String.valueOf(graph.nodes().size())),
                new Fact("layers", String.valueOf(layered)),
                new Fact("parameters", String.format(Locale.ROOT, "%.1f million", numbers / 1e6)),
                new Fact("outputs", String.join(", ", graph.outputs().keySet())));
    }
}
