package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Tensors of one type laid end to end along one axis, without a copy. */
final class ConcatenatedTensor implements Tensor {
    private final int joinAxis;
    private final List<Tensor> parts;
    private final Shape shape;

    private ConcatenatedTensor(int joinAxis, List<Tensor> parts, Shape shape) {
        this.joinAxis = joinAxis;
        this.parts = List.copyOf(parts);
        this.shape = shape;
    }

    static ConcatenatedTensor of(int axis, List<Tensor> parts) {
        Tensor first = parts.getFirst();
        Objects.checkIndex(axis, first.rank());
        long extent = 0;
        for (Tensor part : parts) {
            boolean fits = part.type() == first.type()
                    && part.rank() == first.rank()
                    && part.shape().with(axis, first.shape().dim(axis)).equals(first.shape());
            if (!fits) {
                throw new IllegalArgumentException(first.type().text() + first.shape() + " and "
                        + part.type().text() + part.shape() + " do not join along axis " + axis);
            }
            extent = Math.addExact(extent, part.shape().dim(axis).value());
        }
        return new ConcatenatedTensor(axis, parts, first.shape().with(axis, Dim.of(extent)));
    }

    @Override
    public DType type() {
        return parts.getFirst().type();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public double getDouble(long... position) {
        long[] inside = position.clone();
        return partAt(inside).getDouble(inside);
    }

    @Override
    public long getLong(long... position) {
        long[] inside = position.clone();
        return partAt(inside).getLong(inside);
    }

    /** The part that holds a position, which becomes a position inside that part. */
    private Tensor partAt(long[] position) {
        Objects.checkIndex(position[joinAxis], shape.dim(joinAxis).value());
        for (Tensor part : parts) {
            long extent = part.shape().dim(joinAxis).value();
            if (position[joinAxis] < extent) {
                return part;
            }
            position[joinAxis] -= extent;
        }
        throw new IllegalStateException("position beyond the last part of " + shape);
    }

    @Override
    public void readLine(int axis, long[] start, float[] destination, int count) {
        if (count == 0) {
            return;
        }
        long[] inside = start.clone();
        Tensor part = partAt(inside);
        if (axis != joinAxis) {
            part.readLine(axis, inside, destination, count);
            return;
        }
        Objects.checkFromIndexSize(start[axis], count, shape.dim(axis).value());
        int here = (int) Math.min(count, part.shape().dim(axis).value() - inside[axis]);
        part.readLine(axis, inside, destination, here);
        if (here < count) {
            float[] rest = new float[count - here];
            long[] next = start.clone();
            next[axis] += here;
            readLine(axis, next, rest, rest.length);
            System.arraycopy(rest, 0, destination, here, rest.length);
        }
    }

    @Override
    public int fastAxis() {
        return parts.getFirst().fastAxis();
    }

    @Override
    public Optional<MemorySegment> rowMajorMemory() {
        return Optional.empty();
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        int moved = joinAxis == firstAxis ? secondAxis : joinAxis == secondAxis ? firstAxis : joinAxis;
        return of(
                moved,
                parts.stream()
                        .map(part -> part.transposed(firstAxis, secondAxis))
                        .toList());
    }

    @Override
    public String toString() {
        return type().text() + shape + " of " + parts.size() + " parts";
    }
}
