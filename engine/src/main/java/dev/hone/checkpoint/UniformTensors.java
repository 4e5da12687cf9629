package dev.hone.checkpoint;

import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Recognises values whose elements are all equal, such as a buffer of zero token types. */
final class UniformTensors {
    private static final long MOST_COMPARED = 1 << 16;

    private UniformTensors() {}

    /** The one number that a known operand repeats, as a scalar; empty where it differs or is not known. */
    static Optional<Tensor> repeated(Operand operand) {
        return switch (operand) {
            case Operand.Computed _ -> Optional.empty();
            case Operand.Uniform(Tensor scalar, Shape _) -> Optional.of(scalar);
            case Operand.Constant(Tensor tensor) -> repeated(tensor);
            case Operand.Integers integers ->
                integers.numbers()
                        .filter(numbers -> numbers.stream().distinct().count() == 1)
                        .map(numbers ->
                                SmallTensors.ofIntegers(integers.type(), Shape.SCALAR, List.of(numbers.getFirst())));
        };
    }

    private static Optional<Tensor> repeated(Tensor tensor) {
        if (tensor.elementCount() == 0) {
            return Optional.empty();
        }
        if (tensor.type().isFloat()) {
            return tensor.elementCount() == 1
                    ? Optional.of(Tensor.ofFloats(Shape.SCALAR, tensor.toFloatArray()[0]))
                    : Optional.empty();
        }
        if (tensor.elementCount() > MOST_COMPARED) {
            return Optional.empty();
        }
        long[] elements = tensor.toLongArray();
        for (long element : elements) {
            if (element != elements[0]) {
                return Optional.empty();
            }
        }
        return Optional.of(SmallTensors.ofIntegers(tensor.type(), Shape.SCALAR, List.of(elements[0])));
    }
}
