package dev.hone.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The extents of a value, outermost first; a scalar has none.
 *
 * <p>Opening a model makes thousands of these in a JVM that has compiled nothing yet: loops, where streams would load
 * their classes first.
 */
public record Shape(List<Dim> dims) {
    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        dims = List.copyOf(dims);
    }

    public static Shape of(Dim... dims) {
        return new Shape(Arrays.asList(dims));
    }

    public static Shape of(long... dims) {
        List<Dim> fixed = new ArrayList<>();
        for (long dim : dims) {
            fixed.add(Dim.of(dim));
        }
        return new Shape(fixed);
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
        for (Dim dim : dims) {
            if (!dim.isFixed()) {
                return false;
            }
        }
        return true;
    }

    public Dim elementCount() {
        Dim count = Dim.of(1);
        for (Dim dim : dims) {
            count = count.times(dim);
        }
        return count;
    }

    /** The numbers of a shape without symbols. */
    public long[] toArray() {
        long[] numbers = new long[dims.size()];
        for (int axis = 0; axis < numbers.length; axis++) {
            numbers[axis] = dims.get(axis).value();
        }
        return numbers;
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
        if (inner.isEmpty()) {
            return SCALAR;
        }
        List<Dim> dims = new ArrayList<>();
        for (String dim : inner.split(",", -1)) {
            dims.add(Dim.parse(dim));
        }
        return new Shape(dims);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Shape shape && dims.equals(shape.dims);
    }

    @Override
    public int hashCode() {
        return dims.hashCode();
    }

    @Override
    public String toString() {
        return dims.toString();
    }
}
