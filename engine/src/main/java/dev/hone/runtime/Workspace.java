package dev.hone.runtime;

import dev.hone.nativecode.system.Arguments;
import dev.hone.nativecode.system.LargePages;
import dev.hone.runtime.BufferPlan.Extent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The scratch memory of runs of up to some number of rows and sequences. One owner: the plan, one run at a time. */
final class Workspace implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final int rowCapacity;
    private final int sequenceCapacity;
    private final MemorySegment[] buffers;
    private final int[] widths;
    private final MemorySegment[] scratch;
    private final Arguments[] arguments;
    private final MemorySegment ids;
    private final MemorySegment types;
    private final MemorySegment positions;
    private final int[] starts;
    private int sequences;

    Workspace(PlanSource source, int rowCapacity, int sequenceCapacity, int workers) {
        BufferPlan plan = source.buffers();
        long scratchBytes = source.scratchBytes(rowCapacity);
        this.rowCapacity = rowCapacity;
        this.sequenceCapacity = sequenceCapacity;
        this.buffers = new MemorySegment[plan.buffers().size()];
        this.widths = new int[buffers.length];
        MemorySegment rows = floats((long) plan.width(Extent.ROWS) * rowCapacity);
        MemorySegment pooled = floats((long) plan.width(Extent.SEQUENCES) * sequenceCapacity);
        for (int index = 0; index < buffers.length; index++) {
            BufferPlan.Buffer buffer = plan.buffers().get(index);
            boolean perRow = buffer.extent() == Extent.ROWS;
            long capacity = perRow ? rowCapacity : sequenceCapacity;
            long start = plan.offset(index) * capacity * Float.BYTES;
            buffers[index] = (perRow ? rows : pooled).asSlice(start, buffer.width() * capacity * Float.BYTES);
            widths[index] = buffer.width();
        }
        this.scratch = new MemorySegment[workers];
        this.arguments = new Arguments[workers];
        for (int worker = 0; worker < workers; worker++) {
            arguments[worker] = new Arguments(arena);
            scratch[worker] = arena.allocate(Math.max(ALIGNMENT, scratchBytes), ALIGNMENT);
        }
        this.ids = arena.allocate((long) rowCapacity * Integer.BYTES, ALIGNMENT);
        this.types = arena.allocate((long) rowCapacity * Integer.BYTES, ALIGNMENT);
        this.positions = arena.allocate((long) rowCapacity * Integer.BYTES, ALIGNMENT);
        this.starts = new int[sequenceCapacity + 1];
    }

    private MemorySegment floats(long count) {
        return LargePages.allocate(Math.max(ALIGNMENT, count * Float.BYTES), arena);
    }

    boolean holds(int rows, int wantedSequences) {
        return rows <= rowCapacity && wantedSequences <= sequenceCapacity;
    }

    /** Starts a run: forgets the sequences of the last one. */
    void clear() {
        sequences = 0;
    }

    /** Adds a sequence behind those already there. */
    void add(int[] sequenceIds, int[] sequenceTypes, int[] sequencePositions) {
        int start = starts[sequences];
        MemorySegment.copy(sequenceIds, 0, ids, ValueLayout.JAVA_INT, 4L * start, sequenceIds.length);
        MemorySegment.copy(sequenceTypes, 0, types, ValueLayout.JAVA_INT, 4L * start, sequenceIds.length);
        MemorySegment.copy(sequencePositions, 0, positions, ValueLayout.JAVA_INT, 4L * start, sequenceIds.length);
        sequences++;
        starts[sequences] = start + sequenceIds.length;
    }

    int sequences() {
        return sequences;
    }

    int rows() {
        return starts[sequences];
    }

    /** The first row of a sequence; the end of the last one for {@code sequence == sequences()}. */
    int start(int sequence) {
        return starts[sequence];
    }

    int length(int sequence) {
        return starts[sequence + 1] - starts[sequence];
    }

    MemorySegment buffer(int index) {
        return buffers[index];
    }

    /** Floats from one row of a buffer to the next. */
    long stride(int index) {
        return widths[index];
    }

    MemorySegment scratch(int worker) {
        return scratch[worker];
    }

    /** No arguments yet, for the next call of a kernel by a worker. */
    Arguments arguments(int worker) {
        return arguments[worker].clear();
    }

    /** The first arguments of such a call: where a buffer begins, and how far apart its rows are. */
    Arguments arguments(int worker, int buffer) {
        return arguments(worker).pointer(buffers[buffer]).number(stride(buffer));
    }

    /** The same of two buffers. */
    Arguments arguments(int worker, int buffer, int second) {
        return arguments(worker, buffer).pointer(buffers[second]).number(stride(second));
    }

    MemorySegment ids() {
        return ids;
    }

    MemorySegment types() {
        return types;
    }

    MemorySegment positions() {
        return positions;
    }

    /** Copies rows of an output without their padding. */
    void copyOut(PlanOutput output, int rows, float[] destination, int destinationOffset) {
        MemorySegment buffer = buffers[output.buffer()];
        for (int row = 0; row < rows; row++) {
            long from = ((long) row * widths[output.buffer()] + output.firstColumn()) * Float.BYTES;
            int to = destinationOffset + row * output.width();
            MemorySegment.copy(buffer, ValueLayout.JAVA_FLOAT, from, destination, to, output.width());
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
