package dev.hone.graph;

import java.util.List;

/** One operator applied to values. A node is named by its output. */
public record Node(Op op, List<Value> inputs, Value output) {
    public Node {
        inputs = List.copyOf(inputs);
    }

    public String name() {
        return output.name();
    }

    public Value input(int index) {
        return inputs.get(index);
    }
}
