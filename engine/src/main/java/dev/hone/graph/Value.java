package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Something that a graph names: an input, a constant, or the output of a node.
 *
 * @param name unique in its graph
 */
public record Value(String name, DType type, Shape shape) {
    public ValueType valueType() {
        return new ValueType(type, shape);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Value value
                && name.equals(value.name)
                && type == value.type
                && shape.equals(value.shape);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "%" + name + ": " + type.text() + shape;
    }
}
