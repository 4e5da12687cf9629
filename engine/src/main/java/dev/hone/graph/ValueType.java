package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;

/** Element type and shape of a value; prints as {@code f32[batch, sequence, 384]}. */
public record ValueType(DType type, Shape shape) {
    @Override
    public String toString() {
        return type.text() + shape;
    }
}
