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

/** Pages of the operating system that are first writable and then executable, never both. */
final class ExecutablePages {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = System.getProperty("os.name").startsWith("Mac") ? 0x1000 : 0x20;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle MAP = function(
            "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle PROTECT =
            function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle UNMAP = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    private ExecutablePages() {}

    /** Fresh writable pages of at least {@code bytes}, filled with zeros. */
    @SuppressWarnings("restricted") // The size of the mapping is what the operating system was asked for.
    static MemorySegment allocate(long bytes) {
        try {
            MemorySegment pages = (MemorySegment)
                    MAP.invokeExact(MemorySegment.NULL, bytes, READ | WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
            if (pages.address() == MAP_FAILED) {
                throw new HoneException(
                        Category.MACHINE,
                        "the operating system refused " + bytes + " bytes of memory for compiled kernels; free memory "
                                + "or raise the limit of the process");
            }
            return pages.reinterpret(bytes);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Takes the right to write away and gives the right to execute. */
    static void makeExecutable(MemorySegment pages) {
        try {
            int status = (int) PROTECT.invokeExact(pages, pages.byteSize(), READ | EXECUTE);
            if (status != 0) {
                throw new HoneException(
                        Category.MACHINE,
                        "the operating system does not let this process execute code that it compiled; a security "
                                + "policy (SELinux execmem, hardened runtime) must allow it");
            }
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

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
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
