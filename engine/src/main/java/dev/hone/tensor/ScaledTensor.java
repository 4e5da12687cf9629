package dev.hone.tensor;

/** Another tensor's floats times a factor for each place along an axis, multiplied as they are read. */
final class ScaledTensor extends DerivedTensor {
    private final int axis;
    private final float[] factors;

    private ScaledTensor(Tensor source, int axis, float[] factors) {
        super(source);
        this.axis = axis;
        this.factors = factors;
    }

    static ScaledTensor of(Tensor tensor, int axis, float... factors) {
        boolean fits = tensor.type() == DType.F32
                && axis >= 0
                && axis < tensor.rank()
                && tensor.shape().dim(axis).is(factors.length);
        if (!fits) {
            throw new IllegalArgumentException(factors.length + " factors along axis " + axis + " of "
                    + tensor.type().text() + tensor.shape());
        }
        return new ScaledTensor(tensor, axis, factors.clone());
    }

    @Override
    public DType type() {
        return DType.F32;
    }

    @Override
    public double getDouble(long... position) {
        return (float) source().getDouble(position) * factors[Math.toIntExact(position[axis])];
    }

    @Override
    public long getLong(long... position) {
        return source().getLong(position);
    }

    @Override
    public void readLine(int lineAxis, long[] start, float[] destination, int count) {
        source().readLine(lineAxis, start, destination, count);
        int step = lineAxis == axis ? 1 : 0;
        int place = Math.toIntExact(start[axis]);
        for (int index = 0; index < count; index++) {
            destination[index] *= factors[place + index * step];
        }
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        int moved = axis == firstAxis ? secondAxis : axis == secondAxis ? firstAxis : axis;
        return new ScaledTensor(source().transposed(firstAxis, secondAxis), moved, factors);
    }

    @Override
    public String toString() {
        return "scaled " + source();
    }
}
