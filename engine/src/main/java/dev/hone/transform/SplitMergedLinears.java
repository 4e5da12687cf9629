package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One linear layer whose columns are only read in parts becomes a layer for each part; weights are parts of the old
 * ones, without a copy. The reverse of {@link MergeParallelLinears}.
 *
 * <pre>
 * y = add(matMul(x, W), b);  slice(y, columns 0 to n), slice(y, columns n to m), …
 *   →  add(matMul(x, W[columns 0 to n]), b[0 to n]), add(matMul(x, W[columns n to m]), b[n to m]), …
 * </pre>
 */
public final class SplitMergedLinears implements Pass {
    @Override
    public String name() {
        return "SplitMergedLinears";
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        PlannedPass plan = new PlannedPass();
        for (LinearSite site : LinearSite.in(graph)) {
            List<Node> readers = graph.readers(site.last().output());
            List<Node> parts = readers.stream()
                    .filter(reader -> reader.op() instanceof Op.Slice slice && slice.axis() == site.columnAxis())
                    .toList();
            if (parts.isEmpty()) {
                continue;
            }
            boolean onlyParts = parts.size() == readers.size()
                    && !graph.isOutput(site.last().output());
            if (onlyParts && areAllColumns(parts, site)) {
                parts.forEach(part -> plan.at(part, (node, rewriting) -> split(site, node, rewriting)));
            } else {
                account.refuse(site.last().name(), "its columns are not read in parts that are all of them, each once");
            }
        }
        return plan.apply(graph, account);
    }

    private static boolean areAllColumns(List<Node> parts, LinearSite site) {
        List<Op.Slice> slices = new ArrayList<>();
        parts.forEach(part -> slices.add((Op.Slice) part.op()));
        slices.sort(Comparator.comparingLong(slice -> slice.start().value()));
        Dim next = Dim.of(0);
        for (Op.Slice slice : slices) {
            if (!slice.start().equals(next)) {
                return false;
            }
            next = slice.end();
        }
        return parts.size() > 1 && next.is(site.columns());
    }

    private static Replacement split(LinearSite site, Node part, Rewriting graph) {
        Op.Slice slice = (Op.Slice) part.op();
        long start = slice.start().value();
        long end = slice.end().value();
        Tensor weight = graph.constant(site.weight()).orElseThrow();
        Value columns = graph.addConstant(part.name() + ".weight", Tensor.sliced(weight, 1, start, end));
        if (site.bias().isEmpty()) {
            return Replacement.of(new Op.MatMul(), site.rows(), columns);
        }
        Tensor bias = graph.constant(site.bias().get()).orElseThrow();
        Value numbers = graph.addConstant(part.name() + ".bias", Tensor.sliced(bias, 0, start, end));
        Value product = graph.addNode(part.name() + ".product", new Op.MatMul(), site.rows(), columns);
        return Replacement.of(new Op.Binary(BinaryFunction.ADD), product, numbers);
    }
}
