package dev.hone.quantize;

import dev.hone.graph.Graph;
import dev.hone.graph.LayerNames;
import dev.hone.graph.Node;
import dev.hone.transform.Pass;
import dev.hone.transform.PassAccount;
import dev.hone.transform.Pipeline;
import dev.hone.transform.Replacement;
import dev.hone.transform.RewriteRule;
import dev.hone.transform.Rewriting;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A rule of one precision, tried only at the layers that a scheme gives this precision; others have their reason. */
final class LayerPass implements Pass {
    private final RewriteRule rule;
    private final Scheme scheme;
    private final Precision precision;

    LayerPass(RewriteRule rule, Scheme scheme, Precision precision) {
        this.rule = rule;
        this.scheme = scheme;
        this.precision = precision;
    }

    @Override
    public String name() {
        return rule.name();
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Map<String, String> names = LayerNames.of(graph);
        RewriteRule chosen = (node, rewriting) -> rewrite(names.get(node.name()), node, rewriting);
        return Pipeline.named(name()).then(chosen).passes().getFirst().apply(graph, account);
    }

    private Optional<Replacement> rewrite(@Nullable String layer, Node node, Rewriting rewriting) {
        if (layer == null || scheme.precisionOf(layer) == precision) {
            return rule.rewrite(node, rewriting);
        }
        return rewriting.refuse(
                node,
                "the scheme gives " + layer + " the precision "
                        + scheme.precisionOf(layer).label());
    }
}
