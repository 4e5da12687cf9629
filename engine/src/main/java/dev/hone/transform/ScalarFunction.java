package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.reference.Functions;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A value as a function of one other value, element by element: what a subgraph of elementwise operators with scalar
 * constants computes, found by evaluating it instead of by matching one of the many ways to write it.
 */
final class ScalarFunction {
    private static final int DEEPEST = 24;

    private final Rewriting graph;
    private final boolean throughShapes;

    private ScalarFunction(Rewriting graph, boolean throughShapes) {
        this.graph = graph;
        this.throughShapes = throughShapes;
    }

    /** Functions of values of one shape: reshapes, expansions and casts end the subgraph. */
    static ScalarFunction elementwise(Rewriting graph) {
        return new ScalarFunction(graph, false);
    }

    /** Functions whose subgraph may also move and convert elements; the caller checks that their places are right. */
    static ScalarFunction throughShapes(Rewriting graph) {
        return new ScalarFunction(graph, true);
    }

    /** The one value that everything below comes from; empty when there are several or none. */
    Optional<Value> leaf(Value value) {
        return leaf(value, DEEPEST);
    }

    private Optional<Value> leaf(Value value, int depth) {
        Optional<Node> node = graph.producer(value).filter(this::isInside);
        if (node.isEmpty() || depth == 0) {
            return Optional.of(value);
        }
        Optional<Value> found = Optional.empty();
        for (Value operand : node.get().inputs()) {
            if (graph.scalar(operand).isPresent()) {
                continue;
            }
            Optional<Value> below = leaf(operand, depth - 1);
            if (below.isEmpty() || (found.isPresent() && !found.equals(below))) {
                return Optional.empty();
            }
            found = below;
        }
        return found;
    }

    /** Whether a node belongs to the subgraph: elementwise, and every constant operand a single number. */
    private boolean isInside(Node node) {
        boolean elementwise = switch (node.op()) {
            case Op.Binary _, Op.Unary _ -> true;
            case Op.Where _, Op.Cast _, Op.Reshape _, Op.Expand _ -> throughShapes;
            default -> false;
        };
        return elementwise
                && node.inputs().stream()
                        .allMatch(input ->
                                !graph.isConstant(input) || graph.scalar(input).isPresent());
    }

    /** The function's value where the leaf has the given one. */
    double at(Value value, Value leaf, double argument) {
        if (value.equals(leaf)) {
            return argument;
        }
        OptionalDouble constant = graph.scalar(value);
        if (constant.isPresent()) {
            return constant.getAsDouble();
        }
        Node node = graph.producer(value).orElseThrow();
        double first = at(node.input(0), leaf, argument);
        return switch (node.op()) {
            case Op.Unary unary -> Functions.unary(unary.function(), first);
            case Op.Binary binary -> Functions.binary(binary.function(), first, at(node.input(1), leaf, argument));
            case Op.Where _ -> at(node.input(first == 0 ? 2 : 1), leaf, argument);
            case Op.Cast cast -> cast(cast, first);
            case Op.Reshape _, Op.Expand _ -> first;
            default -> throw new IllegalStateException(node.name() + " is not part of the subgraph");
        };
    }

    private static double cast(Op.Cast cast, double value) {
        return switch (cast.to()) {
            case BOOL -> value == 0 ? 0 : 1;
            case F64, F32, F16, BF16 -> value;
            case I64, I32, I16, I8, U8 -> Math.rint(value < 0 ? Math.ceil(value) : Math.floor(value));
        };
    }
}
