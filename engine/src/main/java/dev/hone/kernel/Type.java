package dev.hone.kernel;

/**
 * A type of LLVM IR.
 *
 * @param element the scalar type's name
 * @param lanes values in a vector, or 0 for a scalar
 */
record Type(String element, int lanes) {
    static final Type POINTER = new Type("ptr", 0);
    static final Type LONG = new Type("i64", 0);
    static final Type INT = new Type("i32", 0);
    static final Type BOOLEAN = new Type("i1", 0);
    static final Type FLOAT = new Type("float", 0);
    static final Type HALF = new Type("half", 0);
    static final Type BFLOAT = new Type("bfloat", 0);
    static final Type SHORT = new Type("i16", 0);
    static final Type BYTE = new Type("i8", 0);

    Type vector(int count) {
        return new Type(element, count);
    }

    Type scalar() {
        return new Type(element, 0);
    }

    /** The same shape with another element. */
    Type of(Type other) {
        return new Type(other.element, lanes);
    }

    /** Alignment of the elements in memory. */
    int alignment() {
        return switch (element) {
            case "i8" -> Byte.BYTES;
            case "i16", "half", "bfloat" -> Short.BYTES;
            default -> Float.BYTES;
        };
    }

    /** The suffix of overloaded intrinsics. */
    String mangled() {
        String name = switch (element) {
            case "float" -> "f32";
            case "half" -> "f16";
            case "bfloat" -> "bf16";
            default -> element;
        };
        return lanes == 0 ? name : "v" + lanes + name;
    }

    @Override
    public String toString() {
        return lanes == 0 ? element : "<" + lanes + " x " + element + ">";
    }
}
