package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * One problem that a function is emitted for; equal problems share a function.
 *
 * <p>All functions have the C signature {@code void (const int64_t *arguments)}: each parameter is a word of 64 bits, a
 * pointer, an integer or, in the low half, a float.
 */
public sealed interface Kernel
        permits LinearKernel,
                AttentionKernel,
                LayerNormKernel,
                ConvertKernel,
                QuantizeKernel,
                EmbeddingKernel,
                PoolKernel,
                ElementwiseKernel {
    Isa isa();

    /** The problem as one line of text. */
    String line();

    /** Writes the function into a module of the same instruction set. */
    void emit(ModuleEmitter module);

    /**
     * The name of the emitted function: the line with an underscore for whatever else than letters and digits stands in
     * it. A start makes dozens of these names, and regular expressions take milliseconds of it.
     */
    default String symbol() {
        StringBuilder symbol = new StringBuilder("hone");
        boolean separated = false;
        for (char character : ("_" + line()).toCharArray()) {
            boolean plain = character < 128 && Character.isLetterOrDigit(character);
            if (plain || !separated) {
                symbol.append(plain ? character : '_');
            }
            separated = !plain;
        }
        return symbol.toString();
    }

    /**
     * One module of LLVM IR with a function for each distinct kernel.
     *
     * @throws IllegalArgumentException when they are for different instruction sets or there is none
     */
    static String module(List<? extends Kernel> kernels) {
        Isa isa = kernels.getFirst().isa();
        ModuleEmitter module = new ModuleEmitter(isa);
        for (Kernel kernel : new LinkedHashSet<>(kernels)) {
            if (kernel.isa() != isa) {
                throw new IllegalArgumentException(kernel.line() + " in a module for " + isa.label());
            }
            kernel.emit(module);
        }
        return module.text();
    }
}
