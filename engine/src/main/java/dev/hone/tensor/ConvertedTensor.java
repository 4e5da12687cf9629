package dev.hone.tensor;

/** Another tensor's elements under another type of the same family, converted as they are read. */
final class ConvertedTensor extends DerivedTensor {
    private final DType type;

    private ConvertedTensor(Tensor source, DType type) {
        super(source);
        this.type = type;
    }

    static Tensor of(Tensor source, DType type) {
        if (source.type() == type) {
            return source;
        }
        boolean known = source.type().isFloat() ? type.isFloat() && type != DType.F64 : type == DType.I64;
        if (!known) {
            throw new IllegalArgumentException(source.type().text() + " is not viewed as " + type.text()
                    + "; floats as f32, bf16 or f16, integers as i64");
        }
        return new ConvertedTensor(source, type);
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public double getDouble(long... position) {
        double value = source().getDouble(position);
        if (!type.isFloat()) {
            return value;
        }
        return rounded(source().type() == DType.F64 ? toFloat(value) : (float) value);
    }

    @Override
    public long getLong(long... position) {
        return source().getLong(position);
    }

    @Override
    public void readLine(int axis, long[] start, float[] destination, int count) {
        if (source().type() != DType.F64) {
            source().readLine(axis, start, destination, count);
        } else {
            long[] position = start.clone();
            for (int index = 0; index < count; index++, position[axis]++) {
                destination[index] = toFloat(source().getDouble(position));
            }
        }
        for (int index = 0; index < count && type.isFloat() && type.bytes() < Float.BYTES; index++) {
            destination[index] = rounded(destination[index]);
        }
    }

    private float rounded(float value) {
        return switch (type) {
            case BF16 -> Float16.fromBfloat16(Float16.toBfloat16(value));
            case F16 -> Float16.fromHalf(Float16.toHalf(value));
            case F64, F32, I64, I32, I16, I8, U8, BOOL -> value;
        };
    }

    /** Masks use the lowest double: it must stay finite, because infinity times zero is not a number. */
    private static float toFloat(double value) {
        return Double.isInfinite(value) ? (float) value : (float) Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        return new ConvertedTensor(source().transposed(firstAxis, secondAxis), type);
    }

    @Override
    public String toString() {
        return type.text() + " of " + source();
    }
}
