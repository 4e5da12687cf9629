package dev.hone.transform;

import dev.hone.graph.Op;
import dev.hone.graph.Value;
import java.util.List;

/** What a rule puts in a node's place. */
public sealed interface Replacement {
    /** Another operator that makes the same value. */
    record NewOp(Op op, List<Value> inputs) implements Replacement {
        public NewOp {
            inputs = List.copyOf(inputs);
        }
    }

    /** A value that is there already, of the same type: readers read it instead. */
    record Existing(Value value) implements Replacement {}

    static Replacement of(Op op, Value... inputs) {
        return new NewOp(op, List.of(inputs));
    }

    static Replacement of(Op op, List<Value> inputs) {
        return new NewOp(op, inputs);
    }

    static Replacement by(Value value) {
        return new Existing(value);
    }
}
