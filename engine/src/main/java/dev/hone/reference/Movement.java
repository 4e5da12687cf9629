package dev.hone.reference;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.List;

/** Operators that move elements and compute nothing. */
final class Movement {
    private Movement() {}

    static Numbers transpose(List<Integer> permutation, Numbers operand, Numbers result) {
        int[] own = Places.strides(operand.dims());
        int[] strides = permutation.stream().mapToInt(axis -> own[axis]).toArray();
        return operand.pick(result.dims(), Places.walk(0, result.dims(), strides));
    }

    static Numbers slice(int axis, int start, Numbers operand, Numbers result) {
        if (start + result.dim(axis) > operand.dim(axis)) {
            throw new HoneException(
                    Category.INPUT,
                    "a slice from " + start + " of length " + result.dim(axis) + " leaves an axis of "
                            + operand.dim(axis) + "; give shorter sequences");
        }
        int[] strides = Places.strides(operand.dims());
        return operand.pick(result.dims(), Places.walk(start * strides[axis], result.dims(), strides));
    }

    static Numbers gather(int axis, Numbers data, Numbers indices, Numbers result) {
        int inner = Places.strides(data.dims())[axis];
        int extent = data.dim(axis);
        int[] sources = new int[result.count()];
        for (int index = 0; index < sources.length; index++) {
            int column = index % inner;
            int picked = row(indices.integer(index / inner % indices.count()), extent, true);
            int outer = index / inner / indices.count();
            sources[index] = (outer * extent + picked) * inner + column;
        }
        return data.pick(result.dims(), sources);
    }

    /** An index into rows, checked. */
    static int row(long index, int extent, boolean negativeFromEnd) {
        long row = negativeFromEnd && index < 0 ? index + extent : index;
        if (row < 0 || row >= extent) {
            throw new HoneException(
                    Category.INPUT, "index " + index + " is outside a table of " + extent + " rows; check the ids");
        }
        return (int) row;
    }

    static Numbers concatenate(int axis, List<Numbers> operands, Numbers result) {
        int inner = Places.strides(result.dims())[axis];
        int start = 0;
        for (Numbers operand : operands) {
            int line = operand.dim(axis) * inner;
            for (int index = 0; index < operand.count(); index++) {
                int target = index / line * result.dim(axis) * inner + start + index % line;
                if (result.type().isFloat()) {
                    result.set(target, operand.get(index));
                } else {
                    result.setInteger(target, operand.integer(index));
                }
            }
            start += line;
        }
        return result;
    }

    static Numbers range(Numbers result) {
        for (int index = 0; index < result.count(); index++) {
            result.setInteger(index, index);
        }
        return result;
    }
}
