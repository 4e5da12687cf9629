package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Linear layers of one size that read the same rows become one batch of products.
 *
 * <pre>
 * matMul(x, W1) + b1, matMul(x, W2) + b2, …      W [k, n]
 *   →  y = matMul(x, [W1, W2, …]) + [b1, b2, …]   W [m, 1, k, n], y [m, .., n];  gather(y, 0), gather(y, 1), …
 * </pre>
 *
 * <p>At least three layers, as published. Weights are copied once. {@link UnstackLinears} is the reverse.
 */
public final class StackParallelLinears implements Pass {
    private static final int LEAST = 3;

    /** What layers have in common that can be stacked. */
    private record Kind(Value rows, Shape weight, boolean biased) {}

    @Override
    public String name() {
        return "CombineParallelDense";
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Map<Kind, List<LinearSite>> groups = new LinkedHashMap<>();
        for (LinearSite site : LinearSite.in(graph)) {
            Kind kind = new Kind(site.rows(), site.weight().shape(), site.bias().isPresent());
            groups.computeIfAbsent(kind, _ -> new ArrayList<>()).add(site);
        }
        PlannedPass plan = new PlannedPass();
        groups.forEach((kind, sites) -> {
            String first = sites.getFirst().last().name();
            if (sites.size() >= LEAST && kind.rows().shape().rank() == 3) {
                plan(sites, plan);
            } else if (sites.size() >= LEAST) {
                account.refuse(first, "its rows " + kind.rows() + " are not [batch, sequence, values]");
            } else if (sites.size() > 1) {
                account.refuse(
                        first,
                        "only " + sites.size() + " layers of that size read "
                                + kind.rows().name() + ", not " + LEAST);
            }
        });
        return plan.apply(graph, account);
    }

    private static void plan(List<LinearSite> sites, PlannedPass plan) {
        Shared<Value> stacked = new Shared<>();
        for (int place = 0; place < sites.size(); place++) {
            LinearSite site = sites.get(place);
            long index = place;
            plan.at(site.last(), (node, graph) -> {
                Value all = stacked.get(() -> stack(sites, graph));
                Value at = graph.addConstant(node.name() + ".place", Tensor.ofLongs(Shape.SCALAR, index));
                return Replacement.of(new Op.Gather(0), all, at);
            });
        }
    }

    private static Value stack(List<LinearSite> sites, Rewriting graph) {
        LinearSite first = sites.getFirst();
        String name = first.last().name() + ".stacked";
        long count = sites.size();
        long depth = first.weight().shape().dim(0).value();
        List<Value> weights = sites.stream().map(LinearSite::weight).toList();
        Tensor weight = joined(Shape.of(count, 1, depth, first.columns()), weights, graph);
        Value product = graph.addNode(name, new Op.MatMul(), first.rows(), graph.addConstant(name + ".weight", weight));
        if (first.bias().isEmpty()) {
            return product;
        }
        List<Value> biases =
                sites.stream().map(site -> site.bias().orElseThrow()).toList();
        Tensor bias = joined(Shape.of(count, 1, 1, first.columns()), biases, graph);
        return graph.addNode(
                name + ".biased", new Op.Binary(BinaryFunction.ADD), product, graph.addConstant(name + ".bias", bias));
    }

    private static Tensor joined(Shape shape, List<Value> parts, Rewriting graph) {
        float[] numbers = new float[Math.toIntExact(shape.elementCount().value())];
        int at = 0;
        for (Value part : parts) {
            float[] own = graph.constant(part).orElseThrow().toFloatArray();
            System.arraycopy(own, 0, numbers, at, own.length);
            at += own.length;
        }
        return Tensor.ofFloats(shape, numbers);
    }
}
