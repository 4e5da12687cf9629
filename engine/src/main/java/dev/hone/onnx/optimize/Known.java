package dev.hone.onnx.optimize;

import dev.hone.tensor.DType;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a value before a run.
 *
 * @param shape its extents, outermost first
 * @param elements the contents of an integer or truth value of rank 0 or 1
 */
record Known(Optional<DType> type, Optional<List<Amount>> shape, Optional<List<Amount>> elements) {
    static final Known NOTHING = new Known(Optional.empty(), Optional.empty(), Optional.empty());

    Known {
        shape = shape.map(List::copyOf);
        elements = elements.map(List::copyOf);
    }

    static Known of(Optional<DType> type, Optional<List<Amount>> shape) {
        return new Known(type, shape, Optional.empty());
    }

    /** A list of integers, or a single one where {@code scalar}. */
    static Known integers(DType type, boolean scalar, List<Amount> elements) {
        List<Amount> shape = scalar ? List.of() : List.of(Amount.of(elements.size()));
        return new Known(Optional.of(type), Optional.of(shape), Optional.of(elements));
    }

    Known withShape(Optional<List<Amount>> other) {
        return new Known(type, other, Optional.empty());
    }

    Known withType(DType other) {
        return new Known(Optional.of(other), shape, elements);
    }

    Known withElements(Optional<List<Amount>> other) {
        return new Known(type, shape, other);
    }

    boolean isScalar() {
        return shape.filter(List::isEmpty).isPresent();
    }
}
