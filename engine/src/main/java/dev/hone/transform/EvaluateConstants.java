package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.reference.ReferenceInterpreter;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes what depends on constants only, with the reference interpreter.
 *
 * <pre>
 * f(constant, …)  →  a constant
 * </pre>
 *
 * <p>Results of more than {@value #MOST_ELEMENTS} elements are left to run: a constant of that size is a cost of the
 * file. The interpreter rounds each operator's result to f32 once, so nothing is more exact than before and nothing
 * less. {@link FoldConstants} turns matrices without reading them.
 */
public final class EvaluateConstants implements RewriteRule {
    private static final long MOST_ELEMENTS = 1 << 16;

    @Override
    public String name() {
        return "FoldConstant";
    }

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        boolean known = !node.inputs().isEmpty() && node.inputs().stream().allMatch(graph::isConstant);
        if (!known && !(node.op() instanceof Op.Range)) {
            return Optional.empty();
        }
        Value output = node.output();
        if (!output.shape().isFixed()) {
            return graph.refuse(node, "its shape " + output.shape() + " is known only when the model runs");
        }
        if (output.shape().elementCount().value() > MOST_ELEMENTS) {
            return graph.refuse(
                    node,
                    "its " + output.shape().elementCount() + " elements would make the file larger than the work is");
        }
        boolean isRead = output.type() == DType.F32 || output.type() == DType.I64 || output.type() == DType.BOOL;
        if (!isRead) {
            return graph.refuse(node, "constants of " + output.type().text() + " are not computed");
        }
        return Optional.of(Replacement.by(graph.addConstant(node.name() + ".folded", evaluate(node, graph))));
    }

    private static Tensor evaluate(Node node, Rewriting graph) {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        node.inputs()
                .forEach(input ->
                        constants.put(input.name(), graph.constant(input).orElseThrow()));
        Graph small = new Graph("constant", List.of(), constants, List.of(node), Map.of("result", node.output()));
        Tensor result =
                ReferenceInterpreter.run(small, Map.of()).values().iterator().next();
        if (node.output().type() != DType.BOOL) {
            return result;
        }
        long[] truths = result.toLongArray();
        byte[] bytes = new byte[truths.length];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) truths[index];
        }
        return Tensor.of(DType.BOOL, result.shape(), MemorySegment.ofArray(bytes));
    }
}
