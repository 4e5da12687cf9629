package dev.hone.transform;

import dev.hone.graph.Activation;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.reference.Functions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Elementwise subgraphs of one value that compute an activation function become that function, however they are
 * written: {@code x · 0.5 · (1 + erf(x / √2))}, {@code 0.5 · x · (1 + tanh(…))}, {@code x · sigmoid(1.702 x)}, ….
 *
 * <p>The subgraph is evaluated at some arguments and compared with each function. Any two of them differ there by more
 * than a hundred times the tolerance, which allows for constants rounded to f32.
 */
public final class FuseActivation implements RewriteRule {
    private static final double[] ARGUMENTS = {-7.5, -3.1, -2.2, -1.3, -0.75, -0.2, 0, 0.1, 0.6, 1.1, 1.9, 2.7, 4.3, 8};
    private static final double TOLERANCE = 1e-6;
    private static final List<Activation> CANDIDATES = Arrays.stream(Activation.values())
            .filter(activation -> activation != Activation.NONE)
            .toList();

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!isLastOfAnActivation(node)) {
            return Optional.empty();
        }
        ScalarFunction function = ScalarFunction.elementwise(graph);
        Optional<Value> leaf = function.leaf(node.output())
                .filter(found -> found.valueType().equals(node.output().valueType()))
                .filter(found -> !found.equals(node.output()));
        if (leaf.isEmpty()) {
            return Optional.empty();
        }
        for (Activation candidate : CANDIDATES) {
            if (agrees(function, node.output(), leaf.get(), candidate)) {
                return Optional.of(Replacement.of(new Op.Activate(candidate), leaf.get()));
            }
        }
        return Optional.empty();
    }

    private static boolean isLastOfAnActivation(Node node) {
        return node.output().type().isFloat()
                && switch (node.op()) {
                    case Op.Binary binary ->
                        switch (binary.function()) {
                            case MULTIPLY, MAXIMUM, DIVIDE -> true;
                            case ADD,
                                    SUBTRACT,
                                    POWER,
                                    MINIMUM,
                                    EQUAL,
                                    LESS,
                                    GREATER,
                                    LESS_OR_EQUAL,
                                    GREATER_OR_EQUAL,
                                    AND,
                                    OR -> false;
                        };
                    case Op.Unary unary -> unary.function() == Op.UnaryFunction.TANH;
                    default -> false;
                };
    }

    private static boolean agrees(ScalarFunction function, Value value, Value leaf, Activation candidate) {
        for (double argument : ARGUMENTS) {
            double expected = Functions.activate(candidate, argument);
            double found = function.at(value, leaf, argument);
            if (!(Math.abs(found - expected) <= TOLERANCE * (1 + Math.abs(argument)))) {
                return false;
            }
        }
        return true;
    }
}
