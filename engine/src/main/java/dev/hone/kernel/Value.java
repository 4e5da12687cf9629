package dev.hone.kernel;

/**
 * An SSA value or a constant of LLVM IR.
 *
 * @param type its type
 * @param name how instructions refer to it
 */
record Value(Type type, String name) {
    static Value of(long constant) {
        return new Value(Type.LONG, Long.toString(constant));
    }

    static Value of(float constant) {
        return new Value(Type.FLOAT, literal(constant));
    }

    /** A vector with the same constant in every lane. */
    static Value splat(Type vector, float constant) {
        return new Value(vector, "splat (float " + literal(constant) + ")");
    }

    /** A vector of integers of any width with the same constant in every lane. */
    static Value splat(Type vector, int constant) {
        return new Value(vector, "splat (" + vector.element() + " " + constant + ")");
    }

    /** A parameter that points to memory. */
    static Value pointer(String parameter) {
        return new Value(Type.POINTER, "%" + parameter);
    }

    /** A 64-bit integer parameter. */
    static Value number(String parameter) {
        return new Value(Type.LONG, "%" + parameter);
    }

    /** A 32-bit float parameter. */
    static Value real(String parameter) {
        return new Value(Type.FLOAT, "%" + parameter);
    }

    static Value zero(Type type) {
        return new Value(type, type.lanes() == 0 ? (type.equals(Type.FLOAT) ? "0.0" : "0") : "zeroinitializer");
    }

    /** LLVM writes a float constant as the bits of the double of the same value. */
    private static String literal(float constant) {
        return "0x%016X".formatted(Double.doubleToRawLongBits(constant));
    }

    @Override
    public String toString() {
        return type + " " + name;
    }
}
