package dev.hone.runtime;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Where the constants of a plan's steps come from: packed when a model is compiled, mapped when they were packed
 * before.
 *
 * <p>A step asks for its constants one after the other, always in the same order. Steps may ask at the same time.
 * Whoever binds a plan hands its constants over to it; memory lives until {@link #close()}.
 */
public interface Constants extends AutoCloseable {
    /** Where a constant begins: at a multiple of as many bytes. */
    int ALIGNMENT = 64;

    /**
     * The next constant of a step.
     *
     * @param node the node that the step computes
     * @param bytes its size
     * @param writer fills the memory, which holds zeros, when there is no such constant yet
     */
    MemorySegment take(String node, long bytes, Consumer<MemorySegment> writer);

    /** The next constant of a step, which may be used where it lies. */
    MemorySegment takeInPlace(String node, MemorySegment memory);

    @Override
    void close();
}
