package dev.hone.checkpoint;

import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of an ONNX value while its graph is read; element types are f32, i64 and bool only. */
sealed interface Operand {
    /** Largest integer constant whose elements are followed one by one. */
    int MOST_FOLLOWED = 64;

    DType type();

    Shape shape();

    /** A value that the graph computes when it runs, or one of its inputs. */
    record Computed(Value value) implements Operand {
        @Override
        public DType type() {
            return value.type();
        }

        @Override
        public Shape shape() {
            return value.shape();
        }
    }

    /** A tensor that the file holds, or that follows from those. */
    record Constant(Tensor tensor) implements Operand {
        @Override
        public DType type() {
            return tensor.type();
        }

        @Override
        public Shape shape() {
            return tensor.shape();
        }
    }

    /**
     * Integers or booleans that follow from the extents of the inputs.
     *
     * @param shape fixed
     * @param elements in row-major order
     */
    record Integers(DType type, Shape shape, List<SymbolicInteger> elements) implements Operand {
        public Integers {
            elements = List.copyOf(elements);
            if (elements.size() != shape.elementCount().value()) {
                throw new IllegalStateException(elements.size() + " elements in the shape " + shape);
            }
        }

        static Integers vector(List<SymbolicInteger> elements) {
            return new Integers(DType.I64, Shape.of(elements.size()), elements);
        }

        /** The elements as numbers; empty where one depends on a symbol. */
        Optional<List<Long>> numbers() {
            List<Long> numbers = new ArrayList<>();
            for (SymbolicInteger element : elements) {
                OptionalLong number = element.number();
                if (number.isEmpty()) {
                    return Optional.empty();
                }
                numbers.add(number.getAsLong());
            }
            return Optional.of(numbers);
        }

        Integers reshaped(Shape target) {
            return new Integers(type, target, elements);
        }
    }

    /**
     * One number repeated over a shape that may be symbolic.
     *
     * @param scalar of rank 0
     */
    record Uniform(Tensor scalar, Shape shape) implements Operand {
        @Override
        public DType type() {
            return scalar.type();
        }
    }

    /** The elements of small integer values whose elements are known. */
    static Optional<Integers> integers(Operand operand) {
        return switch (operand) {
            case Computed _ -> Optional.empty();
            case Integers integers -> Optional.of(integers);
            case Constant(Tensor tensor) -> integers(tensor);
            case Uniform(Tensor scalar, Shape shape) -> {
                boolean few = shape.isFixed() && isFew(shape.elementCount());
                yield few && !scalar.type().isFloat()
                        ? Optional.of(new Integers(
                                scalar.type(),
                                shape,
                                java.util.Collections.nCopies(
                                        (int) shape.elementCount().value(), SymbolicInteger.of(scalar.getLong()))))
                        : Optional.empty();
            }
        };
    }

    private static Optional<Integers> integers(Tensor tensor) {
        if (tensor.type().isFloat() || !isFew(tensor.shape().elementCount())) {
            return Optional.empty();
        }
        List<SymbolicInteger> elements = new ArrayList<>();
        for (long element : tensor.toLongArray()) {
            elements.add(SymbolicInteger.of(element));
        }
        return Optional.of(new Integers(tensor.type(), tensor.shape(), elements));
    }

    static boolean isFew(Dim count) {
        return count.isFixed() && count.value() <= MOST_FOLLOWED;
    }
}
