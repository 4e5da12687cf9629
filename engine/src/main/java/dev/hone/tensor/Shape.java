package dev.hone.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The extents of a value, outermost first; a scalar has none. */
public record Shape(List<Dim> dims) {
    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        dims = List.copyOf(dims);
    }

    public static Shape of(Dim... dims) {
        return new Shape(Arrays.asList(dims));
    }

    public static Shape of(long... dims) {
        return new Shape(Arrays.stream(dims).mapToObj(Dim::of).toList());
    }

    public int rank() {
        return dims.size();
    }

    /** An extent; a negative axis counts from the end. */
    public Dim dim(int axis) {
        return dims.get(axis < 0 ? axis + rank() : axis);
    }

    public Dim last() {
        return dims.getLast();
    }

    public boolean isFixed() {
        return dims.stream().allMatch(Dim::isFixed);
    }

    public Dim elementCount() {
        return dims.stream().reduce(Dim.of(1), Dim::times);
    }

    /** The numbers of a shape without symbols. */
    public long[] toArray() {
        return dims.stream().mapToLong(Dim::value).toArray();
    }

    public long[] resolve(Map<String, Long> values) {
        return dims.stream().mapToLong(dim -> dim.resolve(values)).toArray();
    }

    /** This shape with one extent replaced. */
    public Shape with(int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis < 0 ? axis + rank() : axis, dim);
        return new Shape(changed);
    }

    /** Reads what {@link #toString()} writes. */
    public static Shape parse(String text) {
        String inner = text.strip();
        if (!inner.startsWith("[") || !inner.endsWith("]")) {
            throw new IllegalArgumentException("not a shape: " + text);
        }
        inner = inner.substring(1, inner.length() - 1).strip();
        return inner.isEmpty()
                ? SCALAR
                : new Shape(Arrays.stream(inner.split(",", -1)).map(Dim::parse).toList());
    }

    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
