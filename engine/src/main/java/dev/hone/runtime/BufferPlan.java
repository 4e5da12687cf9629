package dev.hone.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where values live in scratch memory: buffers of values that are never alive together share space.
 *
 * <p>Greedy by first use: each value takes the lowest gap that is free over its whole life. Values are measured in
 * floats
 * a row, so that the layout holds for any number of rows.
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
     * @param firstStep the step that writes it
     * @param lastStep the last step that reads it
     */
    record Buffer(Extent extent, int width, int firstStep, int lastStep) {
        boolean livesWith(Buffer other) {
            return extent == other.extent && firstStep <= other.lastStep && other.firstStep <= lastStep;
        }
    }

    private final List<Buffer> buffers;
    private final int[] offsets;

    private BufferPlan(List<Buffer> buffers, int[] offsets) {
        this.buffers = buffers;
        this.offsets = offsets;
    }

    static BufferPlan of(List<Buffer> buffers) {
        int[] offsets = new int[buffers.size()];
        List<Integer> placed = new ArrayList<>();
        Integer[] order = new Integer[offsets.length];
        Arrays.setAll(order, index -> index);
        Arrays.sort(
                order,
                (a, b) -> Integer.compare(
                        buffers.get(a).firstStep(), buffers.get(b).firstStep()));
        for (int index : order) {
            offsets[index] = lowestGap(buffers, offsets, placed, index);
            placed.add(index);
        }
        return new BufferPlan(List.copyOf(buffers), offsets);
    }

    private static int lowestGap(List<Buffer> buffers, int[] offsets, List<Integer> placed, int index) {
        Buffer buffer = buffers.get(index);
        List<Integer> neighbours = placed.stream()
                .filter(other -> buffers.get(other).livesWith(buffer))
                .sorted((a, b) -> Integer.compare(offsets[a], offsets[b]))
                .toList();
        int position = 0;
        for (int neighbour : neighbours) {
            if (offsets[neighbour] - position >= buffer.width()) {
                break;
            }
            position = Math.max(
                    position, offsets[neighbour] + buffers.get(neighbour).width());
        }
        return position;
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
