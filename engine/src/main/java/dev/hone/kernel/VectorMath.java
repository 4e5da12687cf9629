package dev.hone.kernel;

/** Functions of one vector, written as straight lines of arithmetic. */
final class VectorMath {
    private VectorMath() {}

    static Value activate(FunctionEmitter code, Activation activation, Value value) {
        return switch (activation) {
            case NONE -> value;
            case RELU -> relu(code, value);
        };
    }

    /** max(x, 0); NaN stays NaN. */
    private static Value relu(FunctionEmitter code, Value value) {
        Value zero = Value.zero(value.type());
        return code.select(code.compare("olt", value, zero), zero, value);
    }
}
