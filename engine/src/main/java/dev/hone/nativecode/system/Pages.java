package dev.hone.nativecode.system;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Pages straight from the operating system, and calls of its functions. */
final class Pages {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = System.getProperty("os.name").startsWith("Mac") ? 0x1000 : 0x20;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle MAP = function(
            "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle UNMAP = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    private Pages() {}

    /**
     * Fresh writable pages of at least {@code bytes}, filled with zeros, which {@link #free} gives back.
     *
     * @param purpose what they are for, in words for a user who lacks memory
     */
    @SuppressWarnings("restricted") // The size of the mapping is what the operating system was asked for.
    static MemorySegment allocate(long bytes, String purpose) {
        try {
            MemorySegment pages = (MemorySegment)
                    MAP.invokeExact(MemorySegment.NULL, bytes, READ | WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
            if (pages.address() == MAP_FAILED) {
                throw new HoneException(
                        Category.MACHINE,
                        "the operating system refused " + bytes + " bytes of memory for " + purpose
                                + "; free memory or raise the limit of the process");
            }
            return pages.reinterpret(bytes);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    static void free(MemorySegment pages) {
        try {
            int status = (int) UNMAP.invokeExact(pages, pages.byteSize());
            if (status != 0) {
                throw new IllegalStateException("munmap failed for " + pages);
            }
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** A failed call as an unchecked exception. */
    static RuntimeException rethrow(Throwable failure) {
        return switch (failure) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException(failure);
        };
    }

    /** A function of the operating system. */
    @SuppressWarnings("restricted")
    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new HoneException(
                        Category.MACHINE,
                        "this operating system has no function " + name + "; Hone runs compiled kernels on Linux and "
                                + "macOS"));
        return linker.downcallHandle(address, descriptor);
    }
}
