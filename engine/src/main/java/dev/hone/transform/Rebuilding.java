package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A graph that is built anew from another one, in which each node may become several. */
final class Rebuilding {
    private final Graph before;
    private final GraphBuilder builder;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Value> made = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    Rebuilding(Graph before) {
        this.before = before;
        this.builder = new GraphBuilder(before.name());
        before.inputs().forEach(input -> {
            taken.add(input.name());
            values.put(input.name(), builder.input(input.name(), input.type(), input.shape()));
        });
        before.constants().forEach((name, tensor) -> {
            taken.add(name);
            Tensor numbers = isShort(tensor.type()) ? Tensor.converted(tensor, DType.F32) : tensor;
            values.put(name, builder.constant(name, numbers));
        });
    }

    private static boolean isShort(DType type) {
        return type == DType.F16 || type == DType.BF16;
    }

    /** What a value of the graph before has become; a value of the new graph is itself. */
    Value get(Value value) {
        return values.getOrDefault(value.name(), value);
    }

    void define(Value old, Value value) {
        values.put(old.name(), value);
    }

    /** Adds a node; operands may be values of either graph. */
    Value node(String name, Op op, Value... operands) {
        List<Value> current = new ArrayList<>();
        for (Value operand : operands) {
            current.add(get(operand));
        }
        Value output = builder.addNamed(free(name), op, current);
        values.put(name, output);
        return output;
    }

    Value constant(String name, Tensor tensor) {
        return once("constant " + name, () -> {
            Tensor numbers = isShort(tensor.type()) ? Tensor.converted(tensor, DType.F32) : tensor;
            return builder.constant(free(name), numbers);
        });
    }

    Value number(double number) {
        return constant("number." + (float) number, Tensor.ofFloats(Shape.SCALAR, (float) number));
    }

    Value integer(long number) {
        return constant("integer." + number, Tensor.ofLongs(Shape.SCALAR, number));
    }

    /** A value that is made once for all who ask for it by the same key. */
    Value once(String key, Supplier<Value> maker) {
        Value known = made.get(key);
        if (known == null) {
            known = maker.get();
            made.put(key, known);
        }
        return known;
    }

    Graph finish() {
        before.outputs().forEach((name, value) -> builder.output(name, get(value)));
        return DeadCode.remove(builder.build());
    }

    private String free(String name) {
        String candidate = name;
        for (int number = 1; !taken.add(candidate); number++) {
            candidate = name + "." + number;
        }
        return candidate;
    }
}
