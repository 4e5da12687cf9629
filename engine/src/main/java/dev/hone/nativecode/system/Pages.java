package dev.hone.nativecode.system;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** Pages straight from the operating system, and calls of its functions. */
final class Pages {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = System.getProperty("os.name").startsWith("Mac") ? 0x1000 : 0x20;
    private static final long MAP_FAILED = -1;

    private static final NativeFunction MAP = function("mmap");
    private static final NativeFunction UNMAP = function("munmap");

    private Pages() {}

    /**
     * Fresh writable pages of at least {@code bytes}, filled with zeros, which {@link #free} gives back.
     *
     * @param purpose what they are for, in words for a user who lacks memory
     */
    @SuppressWarnings("restricted") // The size of the mapping is what the operating system was asked for.
    static MemorySegment allocate(long bytes, String purpose) {
        long address = MAP.call(0, bytes, READ | WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (address == MAP_FAILED) {
            throw new HoneException(
                    Category.MACHINE,
                    "the operating system refused " + bytes + " bytes of memory for " + purpose
                            + "; free memory or raise the limit of the process");
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    static void free(MemorySegment pages) {
        if ((int) UNMAP.call(pages.address(), pages.byteSize(), 0) != 0) {
            throw new IllegalStateException("munmap failed for " + pages);
        }
    }

    static boolean hasFunction(String name) {
        return Linker.nativeLinker().defaultLookup().find(name).isPresent();
    }

    /** A function of the operating system. */
    static NativeFunction function(String name) {
        return new NativeFunction(Linker.nativeLinker()
                .defaultLookup()
                .find(name)
                .orElseThrow(() -> new HoneException(
                        Category.MACHINE,
                        "this operating system has no function " + name + "; Hone runs compiled kernels on Linux and "
                                + "macOS")));
    }
}
