package dev.hone.nativecode.system;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which processors threads run on, as Linux tells it and lets it be chosen. Where the system does neither, nothing is
 * known and nothing is changed: threads run wherever the system puts them.
 */
public final class Processors {
    /** What {@link #current} and {@link #thread} answer where the system does not tell. */
    public static final int UNKNOWN = -1;

    private static final int MASK_BYTES = 128;
    private static final String CURRENT = "sched_getcpu";
    private static final String THREAD = "gettid";
    private static final String MASK = "sched_getaffinity";
    private static final String SET_MASK = "sched_setaffinity";
    private static final Optional<Processors> SYSTEM = ofSystem();

    private final NativeFunction current = Pages.function(CURRENT);
    private final NativeFunction thread = Pages.function(THREAD);
    private final NativeFunction mask = Pages.function(MASK);
    private final NativeFunction setMask = Pages.function(SET_MASK);

    private Processors() {}

    private static Optional<Processors> ofSystem() {
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        return linux && Stream.of(CURRENT, THREAD, MASK, SET_MASK).allMatch(Pages::hasFunction)
                ? Optional.of(new Processors())
                : Optional.empty();
    }

    /** The number of the processor that this thread runs on; {@link #UNKNOWN} where the system does not tell. */
    public static int current() {
        return SYSTEM.map(system -> (int) system.current.call(0, 0, 0)).orElse(UNKNOWN);
    }

    /** The system's number of this thread, for {@link #restrict}. */
    public static int thread() {
        return SYSTEM.map(system -> (int) system.thread.call(0, 0, 0)).orElse(UNKNOWN);
    }

    /** The processors that a thread may run on; empty where the system does not tell. */
    public static BitSet allowed(int thread) {
        return SYSTEM.map(system -> system.read(thread)).orElseGet(BitSet::new);
    }

    /** Lets a thread run on some processors only, at least one; whether the system did so. */
    public static boolean restrict(int thread, BitSet processors) {
        return SYSTEM.isPresent() && SYSTEM.get().write(thread, processors);
    }

    private BitSet read(int ofThread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bits = arena.allocate(MASK_BYTES, Long.BYTES);
            int status = (int) mask.call(ofThread, MASK_BYTES, bits.address());
            return status < 0 ? new BitSet() : BitSet.valueOf(bits.asByteBuffer());
        }
    }

    private boolean write(int ofThread, BitSet processors) {
        byte[] wanted = processors.toByteArray();
        if (wanted.length > MASK_BYTES) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bits = arena.allocate(MASK_BYTES, Long.BYTES);
            MemorySegment.copy(wanted, 0, bits, JAVA_BYTE, 0, wanted.length);
            return (int) setMask.call(ofThread, MASK_BYTES, bits.address()) == 0;
        }
    }
}
