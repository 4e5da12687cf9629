package dev.hone.nativecode.system;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * The arguments of compiled kernels, one word of 64 bits each, in memory that a kernel reads them from. They are
 * written anew for each call, in the order of the kernel's parameters.
 *
 * <p>For one thread at a time. Whoever calls a kernel keeps the memory that its arguments point at.
 */
public final class Arguments {
    private static final int MOST = 16;

    private final LongBuffer words;
    private final long address;

    /** Arguments that live as long as the arena. */
    public Arguments(Arena arena) {
        MemorySegment memory = arena.allocate((long) MOST * Long.BYTES, Long.BYTES);
        words = memory.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
        address = memory.address();
    }

    /** Starts over with the first argument. */
    public Arguments clear() {
        words.clear();
        return this;
    }

    /** The next argument, which points at where a segment begins. */
    public Arguments pointer(MemorySegment segment) {
        words.put(segment.address());
        return this;
    }

    /** The next argument, a 64-bit integer. */
    public Arguments number(long number) {
        words.put(number);
        return this;
    }

    /** The next argument, a 32-bit float. */
    public Arguments real(float number) {
        words.put(Float.floatToRawIntBits(number));
        return this;
    }

    long address() {
        return address;
    }
}
