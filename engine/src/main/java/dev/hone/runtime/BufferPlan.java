package dev.hone.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where values live in scratch memory: buffers of values that are never alive together share space.
 *
 * <p>Greedy by size, since what is narrow fits into gaps that wide values leave (Pisarchyk and Lee, "Efficient Memory
 * Management for Deep Neural Net Inference", 2020). Values are measured in floats a row, so that the layout holds for
 * any number of rows.
 *
 * <p>Between two barriers one worker may be some steps ahead of another. Values of one such stage therefore share space
 * only row by row: a row's floats then lie where the same row of the other value lay, which is the same worker's.
 */
final class BufferPlan {
    /** Whether a value has a row for each token or one for each sequence. */
    enum Extent {
        ROWS,
        SEQUENCES
    }

    /**
     * A value that a step writes.
     *
     * @param width floats a row, a multiple of the vector width
     * @param steps from the one that writes it to the last one that reads it
     * @param stages those of the steps; see {@link #stages}
     */
    record Buffer(Extent extent, int width, Span steps, Span stages) {
        /** Whether both may lie in the same place, or overlap in any other way. */
        private boolean sharesWith(Buffer other, boolean samePlace) {
            return extent != other.extent
                    || !stages.meets(other.stages)
                    || (samePlace && width == other.width && !steps.meets(other.steps));
        }
    }

    /** Both ends included. */
    record Span(int first, int last) {
        boolean meets(Span other) {
            return first <= other.last && other.first <= last;
        }
    }

    private final List<Buffer> buffers;
    private final int[] offsets;

    private BufferPlan(List<Buffer> buffers, int[] offsets) {
        this.buffers = buffers;
        this.offsets = offsets;
    }

    /** For each step, and for what follows the last one, how many barriers come before it. */
    static int[] stages(List<StepSpec> steps) {
        int[] stages = new int[steps.size() + 1];
        for (int index = 1; index < steps.size(); index++) {
            stages[index] = stages[index - 1] + (needsBarrier(steps.get(index - 1), steps.get(index)) ? 1 : 0);
        }
        stages[steps.size()] = steps.isEmpty() ? 0 : stages[steps.size() - 1] + 1;
        return stages;
    }

    /** Whether all workers must have done a step before any begins the next. */
    static boolean needsBarrier(StepSpec step, StepSpec next) {
        return !step.rowwise() || !next.rowwise();
    }

    static BufferPlan of(List<Buffer> buffers) {
        int[] offsets = new int[buffers.size()];
        List<Integer> placed = new ArrayList<>();
        Integer[] order = new Integer[offsets.length];
        Arrays.setAll(order, index -> index);
        Arrays.sort(
                order,
                Comparator.comparingInt((Integer index) -> -buffers.get(index).width())
                        .thenComparingInt(index -> buffers.get(index).steps().first()));
        for (int index : order) {
            offsets[index] = lowestPlace(buffers, offsets, placed, index);
            placed.add(index);
        }
        return new BufferPlan(List.copyOf(buffers), offsets);
    }

    /** Best on the place of a value of the same width, which takes no new space; else the lowest that is free. */
    private static int lowestPlace(List<Buffer> buffers, int[] offsets, List<Integer> placed, int index) {
        Buffer buffer = buffers.get(index);
        List<Integer> neighbours = new ArrayList<>();
        TreeSet<Integer> places = new TreeSet<>(List.of(0));
        TreeSet<Integer> equals = new TreeSet<>();
        for (int other : placed) {
            if (!buffer.sharesWith(buffers.get(other), false)) {
                neighbours.add(other);
                places.add(offsets[other] + buffers.get(other).width());
                if (buffers.get(other).width() == buffer.width()) {
                    equals.add(offsets[other]);
                }
            }
        }
        return Stream.concat(equals.stream(), places.stream())
                .filter(place -> isFree(place, buffer, buffers, offsets, neighbours))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(
            int place, Buffer buffer, List<Buffer> buffers, int[] offsets, List<Integer> neighbours) {
        for (int other : neighbours) {
            int start = offsets[other];
            boolean apart = place + buffer.width() <= start
                    || start + buffers.get(other).width() <= place;
            if (!apart && !buffer.sharesWith(buffers.get(other), place == start)) {
                return false;
            }
        }
        return true;
    }

    List<Buffer> buffers() {
        return buffers;
    }

    /** Where a buffer begins, in floats a row from the start of its extent's space. */
    int offset(int buffer) {
        return offsets[buffer];
    }

    /** Floats a row of all buffers of an extent together. */
    int width(Extent extent) {
        int width = 0;
        for (int index = 0; index < offsets.length; index++) {
            if (buffers.get(index).extent() == extent) {
                width = Math.max(width, offsets[index] + buffers.get(index).width());
            }
        }
        return width;
    }
}
