package dev.hone.tensor;

/** A matrix of floats whose rows are divided by the parts of their {@link Rotation} and mixed, as they are read. */
final class MixedTensor extends DerivedTensor {
    private final Rotation rotation;
    private final int columnAxis;

    private MixedTensor(Tensor source, Rotation rotation, int columnAxis) {
        super(source);
        this.rotation = rotation;
        this.columnAxis = columnAxis;
    }

    static Tensor of(Tensor matrix) {
        if (matrix.rank() != 2 || !matrix.type().isFloat()) {
            throw new IllegalArgumentException(
                    "no rows to mix in " + matrix.type().text() + matrix.shape());
        }
        Rotation rotation = new Rotation(Math.toIntExact(matrix.shape().dim(1).value()));
        return rotation.parts() == 1 ? matrix : new MixedTensor(matrix, rotation, 1);
    }

    @Override
    public DType type() {
        return DType.F32;
    }

    @Override
    public double getDouble(long... position) {
        float[] element = new float[1];
        readLine(1 - columnAxis, position, element, 1);
        return element[0];
    }

    @Override
    public long getLong(long... position) {
        return (long) getDouble(position);
    }

    @Override
    public void readLine(int axis, long[] start, float[] destination, int count) {
        if (axis != columnAxis) {
            System.arraycopy(part(axis, start, count), 0, destination, 0, count);
        } else if (count == rotation.columns()) {
            readDivided(axis, start, destination, count);
            rotation.apply(destination);
        } else {
            readColumns(start, destination, count);
        }
    }

    /** Divided before they are mixed, so that no sum of finite numbers overflows. */
    private void readDivided(int axis, long[] start, float[] destination, int count) {
        source().readLine(axis, start, destination, count);
        float factor = 1f / rotation.parts();
        for (int index = 0; index < count; index++) {
            destination[index] *= factor;
        }
    }

    /** Columns of a row, which may lie in several parts. */
    private void readColumns(long[] start, float[] destination, int count) {
        long[] place = start.clone();
        for (int done = 0; done < count; ) {
            place[columnAxis] = start[columnAxis] + done;
            int column = Math.toIntExact(place[columnAxis]);
            int piece = Math.min(count - done, rotation.width() - column % rotation.width());
            System.arraycopy(part(columnAxis, place, piece), 0, destination, done, piece);
            done += piece;
        }
    }

    /** A line along either axis whose columns are all of one part. */
    private float[] part(int axis, long[] start, int count) {
        int column = Math.toIntExact(start[columnAxis]);
        float[][] lines = new float[rotation.parts()][count];
        long[] place = start.clone();
        for (int part = 0; part < lines.length; part++) {
            place[columnAxis] = column % rotation.width() + (long) part * rotation.width();
            readDivided(axis, place, lines[part], count);
        }
        return rotation.part(column / rotation.width(), lines);
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        return new MixedTensor(
                source().transposed(firstAxis, secondAxis),
                rotation,
                firstAxis == secondAxis ? columnAxis : 1 - columnAxis);
    }

    @Override
    public String toString() {
        return "mixed " + source();
    }
}
