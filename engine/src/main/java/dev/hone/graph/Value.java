package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;

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
    public String toString() {
        return "%" + name + ": " + type.text() + shape;
    }
}
