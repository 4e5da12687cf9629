package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Products of computed values that have the same left operand become one, whose columns are handed out again.
 *
 * <pre>
 * matMul(x, y1 [.., k, n1]), matMul(x, y2 [.., k, n2]), …
 *   →  z = matMul(x, concat(y1, y2, …));  slice(z, columns of y1), slice(z, columns of y2), …
 * </pre>
 *
 * <p>At least three products, as published; all right operands must be there when the first product is computed.
 */
public final class MergeParallelProducts implements Pass {
    private static final int LEAST = 3;

    @Override
    public String name() {
        return "CombineParallelBatchMatmul";
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Map<Value, List<Node>> groups = new LinkedHashMap<>();
        Map<String, Integer> places = new HashMap<>();
        for (Node node : graph.nodes()) {
            places.put(node.name(), places.size());
            boolean computed = node.op() instanceof Op.MatMul
                    && graph.constant(node.input(1)).isEmpty();
            if (computed) {
                groups.computeIfAbsent(node.input(0), _ -> new ArrayList<>()).add(node);
            }
        }
        PlannedPass plan = new PlannedPass();
        groups.values().removeIf(products -> products.size() == 1);
        groups.forEach((left, products) -> {
            String complaint = complaint(left, products, places);
            if (complaint.isEmpty()) {
                plan(products, plan);
            } else {
                account.refuse(products.getFirst().name(), complaint);
            }
        });
        return plan.apply(graph, account);
    }

    private static String complaint(Value left, List<Node> products, Map<String, Integer> places) {
        if (products.size() < LEAST) {
            return "only " + products.size() + " such products read " + left.name() + ", not " + LEAST;
        }
        Node first = products.getFirst();
        int start = places.getOrDefault(first.name(), 0);
        for (Node product : products) {
            Value right = product.input(1);
            if (!right.shape().last().isFixed()) {
                return "the columns of " + right + " are counted only when the model runs";
            }
            if (!right.shape().with(-1, Dim.of(1)).equals(first.input(1).shape().with(-1, Dim.of(1)))) {
                return "the operands " + first.input(1) + " and " + right + " differ in more than their columns";
            }
            if (places.getOrDefault(right.name(), -1) >= start) {
                return "the operand " + right.name() + " is computed after the first product";
            }
        }
        return "";
    }

    private static void plan(List<Node> products, PlannedPass plan) {
        Shared<Value> merged = new Shared<>();
        long start = 0;
        for (Node product : products) {
            int axis = product.output().shape().rank() - 1;
            long end = start + product.output().shape().last().value();
            Op slice = new Op.Slice(axis, Dim.of(start), Dim.of(end));
            plan.at(product, (_, graph) -> Replacement.of(slice, merged.get(() -> merge(products, graph))));
            start = end;
        }
    }

    private static Value merge(List<Node> products, Rewriting graph) {
        Node first = products.getFirst();
        Value[] rights = products.stream().map(product -> product.input(1)).toArray(Value[]::new);
        Value joined = graph.addNode(
                first.name() + ".operands", new Op.Concat(first.input(1).shape().rank() - 1), rights);
        return graph.addNode(first.name() + ".merged", new Op.MatMul(), first.input(0), joined);
    }
}
