package dev.hone.quantize;

import dev.hone.graph.Graph;
import dev.hone.graph.LayerNames;
import dev.hone.transform.Pass;
import dev.hone.transform.PassAccount;
import java.util.Collection;
import java.util.List;

/** Refuses a scheme that names a layer which the model does not have; changes nothing. */
final class MatchLayers implements Pass {
    private final List<Scheme.Choice> choices;

    MatchLayers(List<Scheme.Choice> choices) {
        this.choices = choices;
    }

    @Override
    public String name() {
        return "MatchLayers";
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Collection<String> names = LayerNames.of(graph).values();
        choices.forEach(choice -> choice.layers().requireSome(names));
        return graph;
    }
}
