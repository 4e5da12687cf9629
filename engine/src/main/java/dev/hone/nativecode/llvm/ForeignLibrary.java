package dev.hone.nativecode.llvm;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** A shared library that stays loaded for the life of the process, and the binding of its functions by name. */
abstract class ForeignLibrary {
    private final Path file;
    private final SymbolLookup symbols;

    @SuppressWarnings("restricted")
    ForeignLibrary(Path file) {
        this.file = file;
        try {
            this.symbols = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException unloadable) {
            throw new HoneException(
                    Category.MACHINE,
                    "the compiler library " + file + " cannot be loaded: " + unloadable.getMessage()
                            + "; delete it to have it unpacked again",
                    unloadable);
        }
    }

    final MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.of(result, arguments));
    }

    final MethodHandle procedure(String name, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.ofVoid(arguments));
    }

    @SuppressWarnings("restricted") // The descriptors are written by hand after the library's header files.
    private MethodHandle bind(String name, FunctionDescriptor descriptor) {
        MemorySegment address = symbols.find(name)
                .orElseThrow(() -> new HoneException(
                        Category.MACHINE,
                        "the compiler library " + file + " has no function " + name
                                + "; it must be the LLVM that the build names"));
        return Linker.nativeLinker().downcallHandle(address, descriptor);
    }
}
