package dev.hone.checkpoint;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Constants of a few elements that follow from others. */
final class SmallTensors {
    private SmallTensors() {}

    /** An i64 or bool tensor. */
    static Tensor ofIntegers(DType type, Shape shape, List<Long> elements) {
        if (type == DType.BOOL) {
            byte[] bytes = new byte[elements.size()];
            for (int index = 0; index < bytes.length; index++) {
                bytes[index] = (byte) (elements.get(index) == 0 ? 0 : 1);
            }
            return Tensor.of(DType.BOOL, shape, MemorySegment.ofArray(bytes));
        }
        return Tensor.ofLongs(
                shape, elements.stream().mapToLong(Long::longValue).toArray());
    }

    /** A scalar of the type of the graph's computations, converted as a cast does. */
    static Tensor scalar(DType type, double value) {
        return type.isFloat()
                ? Tensor.ofFloats(Shape.SCALAR, (float) value)
                : ofIntegers(type, Shape.SCALAR, List.of(value != 0 && type == DType.BOOL ? 1L : (long) value));
    }

    /** Whether a constant is a float or integer tensor of few elements. */
    static boolean isSmall(Tensor tensor) {
        return Operand.isFew(tensor.shape().elementCount());
    }

    /** For each element of a shape in row-major order, the index of the element that broadcasting takes for it. */
    static int[] broadcastIndices(Shape from, Shape to) {
        int[] indices = new int[Math.toIntExact(to.elementCount().value())];
        long[] fromDims = from.toArray();
        long[] toDims = to.toArray();
        for (int index = 0; index < indices.length; index++) {
            long rest = index;
            long source = 0;
            long stride = 1;
            for (int axis = 1; axis <= fromDims.length; axis++) {
                long position = rest % toDims[toDims.length - axis];
                rest /= toDims[toDims.length - axis];
                long extent = fromDims[fromDims.length - axis];
                source += extent == 1 ? 0 : position * stride;
                stride *= extent;
            }
            indices[index] = Math.toIntExact(source);
        }
        return indices;
    }
}
