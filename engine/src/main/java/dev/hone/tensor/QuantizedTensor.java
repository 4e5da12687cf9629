package dev.hone.tensor;

/** A matrix of floats as signed bytes with one scale for each place along an axis, quantised as it is read. */
final class QuantizedTensor extends DerivedTensor {
    private static final float LARGEST = 127;

    private final float[] scales;
    private final int scaleAxis;

    private QuantizedTensor(Tensor source, float[] scales, int scaleAxis) {
        super(source);
        this.scales = scales;
        this.scaleAxis = scaleAxis;
    }

    static QuantizedTensor of(Tensor matrix, float... scales) {
        boolean fits = matrix.rank() == 2
                && matrix.type().isFloat()
                && matrix.shape().dim(0).is(scales.length);
        if (!fits) {
            throw new IllegalArgumentException(
                    scales.length + " scales for " + matrix.type().text() + matrix.shape());
        }
        return new QuantizedTensor(matrix, scales.clone(), 0);
    }

    private float quantized(float value, long place) {
        float scale = scales[Math.toIntExact(place)];
        return scale == 0 ? 0 : (float) Math.clamp(Math.rint((double) (value / scale)), -LARGEST, LARGEST);
    }

    @Override
    public DType type() {
        return DType.I8;
    }

    @Override
    public double getDouble(long... position) {
        return quantized((float) source().getDouble(position), position[scaleAxis]);
    }

    @Override
    public long getLong(long... position) {
        return (long) getDouble(position);
    }

    @Override
    public void readLine(int axis, long[] start, float[] destination, int count) {
        source().readLine(axis, start, destination, count);
        long step = axis == scaleAxis ? 1 : 0;
        for (int index = 0; index < count; index++) {
            destination[index] = quantized(destination[index], start[scaleAxis] + index * step);
        }
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        return new QuantizedTensor(
                source().transposed(firstAxis, secondAxis),
                scales,
                firstAxis == secondAxis ? scaleAxis : 1 - scaleAxis);
    }

    @Override
    public String toString() {
        return "i8 of " + source();
    }
}
