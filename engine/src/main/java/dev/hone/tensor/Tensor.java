package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A constant array of numbers of a fixed shape, read-only.
 *
 * <p>A tensor is a view: of memory that somebody else owns (a mapped file, a Java array) or of other tensors.
 * Transposing
 * and concatenating copy nothing, so that a model's weights are touched once, when they are packed for the kernels.
 */
public sealed interface Tensor permits StridedTensor, ConcatenatedTensor, DerivedTensor, SlicedTensor, AbsentTensor {
    DType type();

    /** The fixed shape. */
    Shape shape();

    /** One element of a float or integer tensor as a double; exact but for 64-bit integers above 2^53. */
    double getDouble(long... position);

    /** One element of an integer or boolean tensor. */
    long getLong(long... position);

    /**
     * Reads elements along one axis as floats.
     *
     * @param axis the axis to walk along
     * @param start position of the first element, one index for each axis
     * @param destination receives {@code count} values from its start
     */
    void readLine(int axis, long[] start, float[] destination, int count);

    /** The axis along which {@link #readLine} reads memory in order: the fast one. */
    int fastAxis();

    /** The memory of a tensor that lies row-major in one piece; empty for other views. */
    Optional<MemorySegment> rowMajorMemory();

    /** The same elements with two axes exchanged. */
    Tensor transposed(int firstAxis, int secondAxis);

    default int rank() {
        return shape().rank();
    }

    default long elementCount() {
        return shape().elementCount().value();
    }

    /** A matrix with rows and columns exchanged. */
    default Tensor transposed() {
        if (rank() != 2) {
            throw new IllegalArgumentException("a matrix has rank 2, this tensor has " + shape());
        }
        return transposed(0, 1);
    }

    /** All elements in row-major order. */
    default float[] toFloatArray() {
        float[] all = new float[Math.toIntExact(elementCount())];
        if (rank() == 0) {
            all[0] = (float) getDouble();
            return all;
        }
        long[] dims = shape().toArray();
        int width = (int) dims[rank() - 1];
        float[] line = new float[width];
        long[] position = new long[rank()];
        for (int offset = 0; offset < all.length; offset += width) {
            readLine(rank() - 1, position, line, width);
            System.arraycopy(line, 0, all, offset, width);
            Positions.advance(position, dims, rank() - 2);
        }
        return all;
    }

    /** All elements of an integer or boolean tensor in row-major order. */
    default long[] toLongArray() {
        long[] all = new long[Math.toIntExact(elementCount())];
        long[] dims = shape().toArray();
        long[] position = new long[rank()];
        for (int index = 0; index < all.length; index++) {
            all[index] = getLong(position);
            Positions.advance(position, dims, rank() - 1);
        }
        return all;
    }

    /**
     * A tensor over row-major, little-endian memory that the caller keeps alive.
     *
     * @throws IllegalArgumentException when the memory does not hold exactly the elements of the shape
     */
    static Tensor of(DType type, Shape shape, MemorySegment memory) {
        return StridedTensor.rowMajor(type, shape, memory);
    }

    /** A tensor of which only type and shape are known; to read it is an error of the program. */
    static Tensor absent(DType type, Shape shape) {
        return new AbsentTensor(type, shape);
    }

    /** A float tensor over a copy of an array. */
    static Tensor ofFloats(Shape shape, float... values) {
        return of(DType.F32, shape, MemorySegment.ofArray(values.clone()));
    }

    /** A 64-bit integer tensor over a copy of an array. */
    static Tensor ofLongs(Shape shape, long... values) {
        return of(DType.I64, shape, MemorySegment.ofArray(values.clone()));
    }

    /**
     * A tensor's elements as f32 (from any float type; finite values beyond its range become its largest), as bf16 or
     * f16 (from any float type; rounded to the nearest, ties to even) or as i64 (from any integer or boolean type),
     * converted as they are read, without a copy.
     *
     * @throws IllegalArgumentException for any other pair of types
     */
    static Tensor converted(Tensor tensor, DType type) {
        return ConvertedTensor.of(tensor, type);
    }

    /**
     * A matrix of floats as signed bytes, quantised as they are read, without a copy: {@code rint(element / scale)},
     * limited to -127 to 127; 0 where the scale is 0.
     *
     * @param scales one for each row
     * @throws IllegalArgumentException when the scales do not fit
     */
    static Tensor quantized(Tensor matrix, float... scales) {
        return QuantizedTensor.of(matrix, scales);
    }

    /**
     * A matrix of floats as signed bytes that hold {@link Nibbles}, quantised as they are read, without a copy.
     *
     * @param scales those of the groups of the first row, then those of the second, and so on
     * @throws IllegalArgumentException when the scales do not fit
     */
    static Tensor nibbles(Tensor matrix, float... scales) {
        return NibbleTensor.of(matrix, scales);
    }

    /**
     * Floats times a factor for each place along an axis, each product rounded to f32 as it is read, without a copy.
     *
     * @throws IllegalArgumentException when the factors do not fit
     */
    static Tensor scaled(Tensor tensor, int axis, float... factors) {
        return ScaledTensor.of(tensor, axis, factors);
    }

    /**
     * A matrix of floats as f32 whose rows w are {@code w / parts · H} of their {@link Rotation}, mixed as they are
     * read, without a copy; as it is, where rows of its width are not mixed. Divided by a power of two, numbers are
     * exact but for the smallest, and finite numbers stay finite.
     *
     * @throws IllegalArgumentException for anything but a matrix of floats
     */
    static Tensor mixed(Tensor matrix) {
        return MixedTensor.of(matrix);
    }

    /** Tensors of one type end to end along an axis; a single one is returned as it is. */
    static Tensor concatenate(int axis, List<Tensor> parts) {
        return parts.size() == 1 ? parts.getFirst() : ConcatenatedTensor.of(axis, parts);
    }

    /**
     * The part of a tensor along an axis, without a copy.
     *
     * @param end the first place that is not part of it
     * @throws IndexOutOfBoundsException when there is no such part
     */
    static Tensor sliced(Tensor tensor, int axis, long start, long end) {
        return SlicedTensor.of(tensor, axis, start, end);
    }

    /** Whether two tensors have the same type, shape and bits (a NaN equals itself, minus zero differs from zero). */
    static boolean sameContent(Tensor first, Tensor second) {
        if (first == second) {
            return true;
        }
        if (first.type() != second.type() || !first.shape().equals(second.shape())) {
            return false;
        }
        if (first.type().isFloat() && first.type() != DType.F64) {
            return sameFloats(first, second);
        }
        return first.type() == DType.F64
                ? Arrays.equals(Positions.doubles(first), Positions.doubles(second))
                : Arrays.equals(first.toLongArray(), second.toLongArray());
    }

    private static boolean sameFloats(Tensor first, Tensor second) {
        if (first.rank() == 0) {
            return Double.compare(first.getDouble(), second.getDouble()) == 0;
        }
        long[] dims = first.shape().toArray();
        int width = Math.toIntExact(dims[dims.length - 1]);
        float[] firstLine = new float[width];
        float[] secondLine = new float[width];
        long[] position = new long[dims.length];
        for (long offset = 0; offset < first.elementCount(); offset += width) {
            first.readLine(dims.length - 1, position, firstLine, width);
            second.readLine(dims.length - 1, position, secondLine, width);
            if (!Arrays.equals(firstLine, secondLine)) {
                return false;
            }
            Positions.advance(position, dims, dims.length - 2);
        }
        return true;
    }
}
