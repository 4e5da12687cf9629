package dev.hone.checkpoint;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conversion of small constants between the element types that graphs compute with. */
final class SmallFloats {
    private SmallFloats() {}

    static Tensor of(Shape shape, List<Long> numbers) {
        float[] floats = new float[numbers.size()];
        for (int index = 0; index < floats.length; index++) {
            floats[index] = numbers.get(index);
        }
        return Tensor.ofFloats(shape, floats);
    }

    static Tensor vector(List<Float> numbers) {
        float[] floats = new float[numbers.size()];
        for (int index = 0; index < floats.length; index++) {
            floats[index] = numbers.get(index);
        }
        return Tensor.ofFloats(Shape.of(floats.length), floats);
    }

    /** A known operand under another type; empty where the cast must happen when the graph runs. */
    static Optional<Operand> cast(OnnxNode node, Operand operand, DType type) {
        return switch (operand) {
            case Operand.Computed _ -> Optional.empty();
            case Operand.Uniform(Tensor scalar, Shape shape) ->
                Optional.of(new Operand.Uniform(SmallTensors.scalar(type, scalar.getDouble()), shape));
            case Operand.Integers integers -> Optional.of(cast(node, integers, type));
            case Operand.Constant(Tensor tensor) -> cast(node, tensor, type);
        };
    }

    private static Operand cast(OnnxNode node, Operand.Integers integers, DType type) {
        if (type == DType.F32) {
            List<Long> numbers = integers.numbers()
                    .orElseThrow(() -> node.unsupported(
                            "the sizes " + integers.elements() + " become floats only when the model runs"));
            return new Operand.Constant(of(integers.shape(), numbers));
        }
        List<SymbolicInteger> elements = new ArrayList<>(integers.elements());
        if (type == DType.BOOL) {
            elements.replaceAll(element -> IntegerFolding.ofTruth(!IntegerFolding.isFalse(node, element)));
        }
        return new Operand.Integers(type, integers.shape(), elements);
    }

    private static Optional<Operand> cast(OnnxNode node, Tensor tensor, DType type) {
        if (!SmallTensors.isSmall(tensor)) {
            return Optional.empty();
        }
        Optional<Operand.Integers> integers = Operand.integers(new Operand.Constant(tensor));
        if (integers.isPresent()) {
            return Optional.of(cast(node, integers.get(), type));
        }
        List<Long> truncated = new ArrayList<>();
        for (float number : tensor.toFloatArray()) {
            truncated.add(type == DType.BOOL ? (number == 0 ? 0L : 1L) : (long) number);
        }
        return Optional.of(new Operand.Constant(SmallTensors.ofIntegers(type, tensor.shape(), truncated)));
    }
}
