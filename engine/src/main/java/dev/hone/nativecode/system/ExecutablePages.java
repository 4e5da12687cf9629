package dev.hone.nativecode.system;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.lang.foreign.MemorySegment;

/** Pages of the operating system that are first writable and then executable, never both. */
final class ExecutablePages {
    private static final int READ = 1;
    private static final int EXECUTE = 4;
    private static final NativeFunction PROTECT = Pages.function("mprotect");

    private ExecutablePages() {}

    /** Fresh writable pages of at least {@code bytes}, filled with zeros. */
    static MemorySegment allocate(long bytes) {
        return Pages.allocate(bytes, "compiled kernels");
    }

    /**
     * Takes the right to write away and gives the right to execute. Where instructions have a cache of their own, as on
     * Arm, the operating system cleans it when pages that were never executable become so.
     */
    static void makeExecutable(MemorySegment pages) {
        if ((int) PROTECT.call(pages.address(), pages.byteSize(), READ | EXECUTE) != 0) {
            throw new HoneException(
                    Category.MACHINE,
                    "the operating system does not let this process execute code that it compiled; a security "
                            + "policy (SELinux execmem, hardened runtime) must allow it");
        }
    }

    static void free(MemorySegment pages) {
        Pages.free(pages);
    }
}
