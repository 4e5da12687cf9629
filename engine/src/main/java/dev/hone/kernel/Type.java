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
        return element.equals("i16") ? Short.BYTES : Float.BYTES;
    }

    /** The suffix of overloaded intrinsics. */
    String mangled() {
        String name = element.equals("float") ? "f32" : element;
        return lanes == 0 ? name : "v" + lanes + name;
    }

    @Override
    public String toString() {
        return lanes == 0 ? element : "<" + lanes + " x " + element + ">";
    }
}
