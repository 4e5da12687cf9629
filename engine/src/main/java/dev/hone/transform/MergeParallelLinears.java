package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Linear layers of an exported graph that read the same rows become one, whose columns are handed out again.
 *
 * <pre>
 * add(matMul(x, W1), b1), add(matMul(x, W2), b2), …
 *   →  y = add(matMul(x, [W1 W2 …]), [b1 b2 …]);  slice(y, columns of W1), slice(y, columns of W2), …
 * </pre>
 *
 * Weights are joined as views. {@link SplitMergedLinears} is its reverse.
 */
public final class MergeParallelLinears implements Pass {
    /** What layers have in common that can be merged. */
    private record Kind(Value rows, boolean biased) {}

    @Override
    public String name() {
        return "MergeLinears";
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Map<Kind, List<LinearSite>> groups = new LinkedHashMap<>();
        for (LinearSite site : LinearSite.in(graph)) {
            Kind kind = new Kind(site.rows(), site.bias().isPresent());
            groups.computeIfAbsent(kind, _ -> new ArrayList<>()).add(site);
        }
        PlannedPass plan = new PlannedPass();
        groups.forEach((kind, sites) -> {
            if (sites.size() > 1) {
                plan(sites, plan);
            } else if (groups.containsKey(new Kind(kind.rows(), !kind.biased()))) {
                account.refuse(
                        sites.getFirst().last().name(),
                        "another layer reads the same rows " + kind.rows().name()
                                + ", but only one of them has a bias");
            }
        });
        return plan.apply(graph, account);
    }

    private static void plan(List<LinearSite> sites, PlannedPass plan) {
        Shared<Value> merged = new Shared<>();
        long start = 0;
        for (LinearSite site : sites) {
            Op slice = new Op.Slice(site.columnAxis(), Dim.of(start), Dim.of(start + site.columns()));
            plan.at(site.last(), (_, graph) -> Replacement.of(slice, merged.get(() -> merge(sites, graph))));
            start += site.columns();
        }
    }

    private static Value merge(List<LinearSite> sites, Rewriting graph) {
        LinearSite first = sites.getFirst();
        String name = first.last().name() + ".merged";
        List<Tensor> weights = sites.stream()
                .map(site -> graph.constant(site.weight()).orElseThrow())
                .toList();
        Value weight = graph.addConstant(name + ".weight", Tensor.concatenate(1, weights));
        Value product = graph.addNode(name, new Op.MatMul(), first.rows(), weight);
        if (first.bias().isEmpty()) {
            return product;
        }
        List<Tensor> biases = sites.stream()
                .map(LinearSite::bias)
                .flatMap(Optional::stream)
                .map(bias -> graph.constant(bias).orElseThrow())
                .toList();
        Value bias = graph.addConstant(name + ".bias", Tensor.concatenate(0, biases));
        return graph.addNode(name + ".biased", new Op.Binary(BinaryFunction.ADD), product, bias);
    }
}
