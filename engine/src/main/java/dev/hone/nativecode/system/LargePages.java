package dev.hone.nativecode.system;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that Linux is asked to back with pages of 2 MB: whoever streams through it then waits less often for addresses
 * to be translated. Where the system does not want that, or is another one, the memory has its usual pages.
 */
public final class LargePages {
    private static final boolean IS_LINUX = System.getProperty("os.name").startsWith("Linux");
    private static final long PAGE = 2L << 20;
    private static final int USUAL_ALIGNMENT = 64;
    private static final int WANT_LARGE_PAGES = 14;

    private LargePages() {}

    /** Loaded on the first request, and only where the function is there. */
    private static final class Advice {
        static final NativeFunction ADVISE = Pages.function("madvise");
    }

    /**
     * Memory filled with zeros that lives as long as the arena; it begins at a large page where it is at least one
     * long, otherwise at a multiple of 64 bytes.
     *
     * @throws dev.hone.HoneException of category MACHINE when there is not so much memory
     */
    public static MemorySegment allocate(long bytes, Arena arena) {
        return IS_LINUX && bytes >= PAGE ? advised(bytes, arena) : arena.allocate(bytes, USUAL_ALIGNMENT);
    }

    @SuppressWarnings("restricted") // The pages belong to the arena from here on.
    private static MemorySegment advised(long bytes, Arena arena) {
        long length = Math.ceilDiv(bytes, PAGE) * PAGE;
        MemorySegment pages = Pages.allocate(length + PAGE, "weights and activations");
        MemorySegment aligned = pages.asSlice(-pages.address() & (PAGE - 1), length);
        // A refusal is no failure: it only leaves the usual pages.
        long _ = Advice.ADVISE.call(aligned.address(), length, WANT_LARGE_PAGES);
        return aligned.reinterpret(arena, _ -> Pages.free(pages)).asSlice(0, bytes);
    }
}
