package dev.hone.nativecode.system;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.machine.Machine;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Machine code in memory, ready to be called.
 *
 * <p>One owner closes it. No call may be running while it closes: whoever hands the functions to other threads (a
 * session) first waits for them. Looking a function up after closing throws; one that was looked up before must not
 * be called any more, which the owner guards as well.
 */
public final class NativeCode implements AutoCloseable {
    private final MemorySegment pages;
    private final Map<String, Long> symbols;
    private boolean closed;

    private NativeCode(MemorySegment pages, Map<String, Long> symbols) {
        this.pages = pages;
        this.symbols = symbols;
    }

    /**
     * Places a relocatable ELF object in executable memory.
     *
     * @param object what {@code nativecode.llvm} emitted for this computer
     * @throws HoneException of category {@code MACHINE} when memory for code is refused or the code is for another
     *     architecture
     */
    public static NativeCode load(byte[] object) {
        ElfObject elf = ElfObject.parse(object);
        String here = Machine.detect().architecture();
        if (!elf.architecture().equals(here)) {
            throw new HoneException(
                    Category.MACHINE, "machine code for " + elf.architecture() + " cannot run on " + here);
        }
        return place(elf);
    }

    /**
     * Places an object that may be for another architecture, to prepare what belongs to its functions. None of them may
     * be called.
     */
    public static NativeCode placeOnly(byte[] object) {
        return place(ElfObject.parse(object));
    }

    private static NativeCode place(ElfObject elf) {
        MemorySegment pages = ExecutablePages.allocate(elf.loadedBytes());
        try {
            elf.place(pages, pages.address());
            ExecutablePages.makeExecutable(pages);
        } catch (RuntimeException failure) {
            ExecutablePages.free(pages);
            throw failure;
        }
        return new NativeCode(pages, elf.functions());
    }

    /**
     * The function of a symbol.
     *
     * @throws HoneException of category {@code CLOSED} after {@link #close()}
     * @throws IllegalArgumentException when there is no such symbol
     */
    public synchronized NativeFunction function(String symbol) {
        if (closed) {
            throw new HoneException(Category.CLOSED, "the compiled kernels were closed before " + symbol + " was used");
        }
        Long offset = symbols.get(symbol);
        if (offset == null) {
            throw new IllegalArgumentException("no function " + symbol + " among " + symbols.keySet());
        }
        return new NativeFunction(pages.asSlice(offset));
    }

    /** Whether {@link #function} knows a symbol. */
    public boolean has(String symbol) {
        return symbols.containsKey(symbol);
    }

    /** Bytes of code and constants. */
    public long bytes() {
        return pages.byteSize();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ExecutablePages.free(pages);
        }
    }
}
