package dev.hone.nativecode.system;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which processors threads run on, as Linux tells it and lets it be chosen. Where the system does neither, nothing is
 * known and nothing is changed: threads run wherever the system puts them. The system property {@value #PROPERTY} with
 * the value false has the same effect, for services that must not call {@code sched_setaffinity}.
 */
public final class Processors {
    /** What {@link #current} and {@link #thread} answer where the system does not tell. */
    public static final int UNKNOWN = -1;

    private static final String PROPERTY = "hone.seats";
    private static final int MASK_BYTES = 128;
    private static final String CURRENT = "sched_getcpu";
    private static final String THREAD = "gettid";
    private static final String MASK = "sched_getaffinity";
    private static final String SET_MASK = "sched_setaffinity";
    private static final @Nullable Processors SYSTEM = ofSystem();

    private final NativeFunction current = Pages.function(CURRENT);
    private final NativeFunction thread = Pages.function(THREAD);
    private final NativeFunction mask = Pages.function(MASK);
    private final NativeFunction setMask = Pages.function(SET_MASK);

    private Processors() {}

    private static @Nullable Processors ofSystem() {
        boolean wanted = !System.getProperty(PROPERTY, "true").equals("false");
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        boolean there =
                wanted && linux && Stream.of(CURRENT, THREAD, MASK, SET_MASK).allMatch(Pages::hasFunction);
        return there ? new Processors() : null;
    }

    /** The number of the processor that this thread runs on; {@link #UNKNOWN} where the system does not tell. */
    public static int current() {
        return SYSTEM == null ? UNKNOWN : (int) SYSTEM.current.call(0, 0, 0);
    }

    /** The system's number of this thread, for {@link #restrict}. */
    public static int thread() {
        return SYSTEM == null ? UNKNOWN : (int) SYSTEM.thread.call(0, 0, 0);
    }

    /** The processors that a thread may run on; empty where the system does not tell. */
    public static BitSet allowed(int thread) {
        return SYSTEM == null ? new BitSet() : SYSTEM.read(thread);
    }

    /** Lets a thread run on some processors only, at least one; whether the system did so. */
    public static boolean restrict(int thread, BitSet processors) {
        return SYSTEM != null && SYSTEM.write(thread, processors);
    }

    /**
     * Lets a thread run again where it could before it was restricted. Linux remembers what was asked for and never
     * gives a thread more, even when its container is given more processors later. So all of them are asked for, which
     * the system cuts down to the container's, and those of before only where that was less.
     */
    public static void release(int thread, BitSet before) {
        BitSet all = new BitSet();
        all.set(0, MASK_BYTES * Byte.SIZE);
        if (!restrict(thread, all) || !allowed(thread).equals(before)) {
            restrict(thread, before);
        }
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
