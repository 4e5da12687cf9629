package dev.hone.onnx.quantize;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/**
 * Weights as bytes with what the bytes stand for.
 *
 * @param bytes of the shape of the weights
 * @param scales one for the tensor (rank 0) or one for each column (rank 1)
 * @param zeros of the bytes' type and the scales' shape
 */
record QuantizedWeight(Tensor bytes, Tensor scales, Tensor zeros) {
    /**
     * Quantises a tensor of floats of rank 1 or more.
     *
     * @param scheme its columns are the places along the last axis
     * @param arena owns the bytes
     * @return nothing when an element is not finite
     */
    static Optional<QuantizedWeight> of(Tensor weight, WeightScheme scheme, Arena arena) {
        Lines lines = new Lines(weight);
        int ranges = scheme.perColumn() ? lines.width : 1;
        float[] lo = new float[ranges];
        float[] hi = new float[ranges];
        if (!lines.measure(lo, hi)) {
            return Optional.empty();
        }
        Affine[] affines = new Affine[ranges];
        Arrays.setAll(affines, index -> Affine.ofWeights(scheme, lo[index], hi[index]));
        DType type = scheme.type().tensorType();
        Tensor bytes = Tensor.of(type, weight.shape(), lines.quantized(affines, arena));
        Shape shape = scheme.perColumn() ? Shape.of(ranges) : Shape.SCALAR;
        float[] scales = new float[ranges];
        byte[] zeros = new byte[ranges];
        for (int index = 0; index < ranges; index++) {
            scales[index] = affines[index].scale();
            zeros[index] = (byte) affines[index].zero();
        }
        return Optional.of(new QuantizedWeight(
                bytes, Tensor.ofFloats(shape, scales), Tensor.of(type, shape, MemorySegment.ofArray(zeros))));
    }

    /** Lines along the last axis, in row-major order. */
    private static final class Lines {
        private final Tensor tensor;
        private final long[] dims;
        private final int width;
        private final float[] line;

        Lines(Tensor tensor) {
            this.tensor = tensor;
            this.dims = tensor.shape().toArray();
            this.width = Math.toIntExact(dims[dims.length - 1]);
            this.line = new float[width];
        }

        /** The least and largest element of each column, or of all; false when one is not finite. */
        boolean measure(float[] lo, float[] hi) {
            int last = lo.length - 1;
            for (long first = 0; first < tensor.elementCount(); first += width) {
                read(first);
                for (int column = 0; column < width; column++) {
                    float value = line[column];
                    if (!Float.isFinite(value)) {
                        return false;
                    }
                    int range = Math.min(column, last);
                    lo[range] = Math.min(lo[range], value);
                    hi[range] = Math.max(hi[range], value);
                }
            }
            return true;
        }

        MemorySegment quantized(Affine[] affines, Arena arena) {
            MemorySegment memory = arena.allocate(tensor.elementCount());
            int last = affines.length - 1;
            for (long first = 0; first < tensor.elementCount(); first += width) {
                read(first);
                for (int column = 0; column < width; column++) {
                    int value = affines[Math.min(column, last)].quantized(line[column]);
                    memory.set(ValueLayout.JAVA_BYTE, first + column, (byte) value);
                }
            }
            return memory;
        }

        private void read(long first) {
            long[] position = new long[dims.length];
            long rest = first;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                position[axis] = rest % dims[axis];
                rest /= dims[axis];
            }
            tensor.readLine(dims.length - 1, position, line, width);
        }
    }
}
