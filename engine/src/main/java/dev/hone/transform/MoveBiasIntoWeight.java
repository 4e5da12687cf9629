package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bias of a linear layer becomes the last row of its weight, and a column of ones is joined to what it reads.
 *
 * <pre>
 * add(matMul(x [.., k], W [k, n]), b [n])  →  matMul(concat(x, ones [.., 1]), [W; b] [k + 1, n])
 * </pre>
 *
 * The ones have the leading extents of x, whatever those are when the model runs. {@link MoveBiasOutOfWeight} is the
 * reverse.
 */
public final class MoveBiasIntoWeight implements Pass {
    @Override
    public String name() {
        return "FuseBiasInLinear";
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        PlannedPass plan = new PlannedPass();
        Map<Value, Shared<Value>> widened = new HashMap<>();
        Map<Shape, Shared<Value>> ones = new HashMap<>();
        for (LinearSite site : LinearSite.in(graph)) {
            if (site.bias().isEmpty()) {
                account.refuse(
                        site.last().name(), "no vector with a number for each column is added to the product alone");
                continue;
            }
            Shape column = site.rows().shape().with(-1, Dim.of(1));
            Shared<Value> one = ones.computeIfAbsent(column, _ -> new Shared<>());
            Shared<Value> wide = widened.computeIfAbsent(site.rows(), _ -> new Shared<>());
            plan.at(site.last(), (_, rewriting) -> {
                Value rows = wide.get(() -> widen(site.rows(), one.get(() -> ones(column, rewriting)), rewriting));
                return Replacement.of(new Op.MatMul(), rows, joined(site, rewriting));
            });
        }
        return plan.apply(graph, account);
    }

    private static Value ones(Shape column, Rewriting graph) {
        Value one = graph.addConstant("one", Tensor.ofFloats(Shape.SCALAR, 1));
        return graph.addNode("ones", new Op.Expand(column), one);
    }

    private static Value widen(Value rows, Value ones, Rewriting graph) {
        return graph.addNode(
                rows.name() + ".with_one", new Op.Concat(rows.shape().rank() - 1), rows, ones);
    }

    private static Value joined(LinearSite site, Rewriting graph) {
        Tensor bias = graph.constant(site.bias().orElseThrow()).orElseThrow();
        Tensor row = Tensor.ofFloats(Shape.of(1, site.columns()), bias.toFloatArray());
        Tensor weight = Tensor.converted(graph.constant(site.weight()).orElseThrow(), DType.F32);
        return graph.addConstant(site.last().name() + ".weight_and_bias", Tensor.concatenate(0, List.of(weight, row)));
    }
}
