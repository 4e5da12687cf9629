package dev.hone.tensor;

/** A matrix of floats as {@link Nibbles}, made as they are read. */
final class NibbleTensor extends DerivedTensor {
    private final float[] scales;
    private final int groups;
    /** Along which the numbers of a group lie. */
    private final int groupAxis;

    private NibbleTensor(Tensor source, float[] scales, int groupAxis) {
        super(source);
        this.scales = scales;
        this.groups =
                Nibbles.groups(Math.toIntExact(source.shape().dim(groupAxis).value()));
        this.groupAxis = groupAxis;
    }

    static NibbleTensor of(Tensor matrix, float... scales) {
        if (matrix.rank() == 2 && matrix.type().isFloat()) {
            NibbleTensor tensor = new NibbleTensor(matrix, scales.clone(), 1);
            if (matrix.shape().dim(0).value() * tensor.groups == scales.length) {
                return tensor;
            }
        }
        throw new IllegalArgumentException(
                scales.length + " scales for groups of " + matrix.type().text() + matrix.shape());
    }

    private float nibble(float value, long row, long place) {
        return Nibbles.of(value, scales[(int) row * groups + (int) place / Nibbles.GROUP]);
    }

    @Override
    public DType type() {
        return DType.I8;
    }

    @Override
    public double getDouble(long... position) {
        return nibble((float) source().getDouble(position), position[1 - groupAxis], position[groupAxis]);
    }

    @Override
    public long getLong(long... position) {
        return (long) getDouble(position);
    }

    @Override
    public void readLine(int axis, long[] start, float[] destination, int count) {
        source().readLine(axis, start, destination, count);
        boolean alongGroups = axis == groupAxis;
        for (int index = 0; index < count; index++) {
            long row = start[1 - groupAxis] + (alongGroups ? 0 : index);
            long place = start[groupAxis] + (alongGroups ? index : 0);
            destination[index] = nibble(destination[index], row, place);
        }
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        return new NibbleTensor(
                source().transposed(firstAxis, secondAxis),
                scales,
                firstAxis == secondAxis ? groupAxis : 1 - groupAxis);
    }

    @Override
    public String toString() {
        return "nibbles of " + source();
    }
}
