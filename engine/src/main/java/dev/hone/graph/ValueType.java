package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Element type and shape of a value; prints as {@code f32[batch, sequence, 384]}. */
public record ValueType(DType type, Shape shape) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ValueType value && type == value.type && shape.equals(value.shape);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + shape.hashCode();
    }

    @Override
    public String toString() {
        return type.text() + shape;
    }
}
