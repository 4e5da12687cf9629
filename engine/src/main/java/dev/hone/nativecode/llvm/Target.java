package dev.hone.nativecode.llvm;

import dev.hone.machine.Isa;

/**
 * What LLVM generates code for. Objects are ELF on every operating system, because our own loader places them.
 *
 * @param triple LLVM's target triple
 * @param processor LLVM's processor name
 * @param features LLVM's feature list, each with + or -; may be empty
 */
public record Target(String triple, String processor, String features) {
    /** 64-bit Arm with NEON. */
    public static final Target AARCH64 = new Target("aarch64-unknown-linux-gnu", "generic", "");

    private static final String X86_64 = "x86_64-unknown-linux-gnu";

    /**
     * Any processor of an architecture that has the instruction set.
     *
     * @param architecture as {@link dev.hone.machine.Machine#architecture} names it
     */
    public static Target of(String architecture, Isa isa) {
        return architecture.equals("aarch64") ? arm(isa) : x86(isa);
    }

    /** Any x86-64 processor that has the instruction set. */
    public static Target x86(Isa isa) {
        return switch (isa) {
            case GENERIC -> new Target(X86_64, "x86-64", "");
            case AVX2 -> new Target(X86_64, "x86-64-v3", "");
            case AVX512 -> new Target(X86_64, "x86-64-v4", "");
            case AVX512_VNNI -> new Target(X86_64, "x86-64-v4", "+avx512vnni");
            case AVX512_BF16 -> new Target(X86_64, "x86-64-v4", "+avx512vnni,+avx512bf16");
            case NEON, NEON_DOTPROD, NEON_I8MM, NEON_BF16 -> throw foreign(isa, "x86-64");
        };
    }

    /** Any 64-bit Arm processor that has the instruction set. */
    public static Target arm(Isa isa) {
        return switch (isa) {
            case GENERIC, NEON -> AARCH64;
            case NEON_DOTPROD -> AARCH64.with("+dotprod");
            case NEON_I8MM -> AARCH64.with("+dotprod,+i8mm");
            case NEON_BF16 -> AARCH64.with("+dotprod,+i8mm,+bf16");
            case AVX2, AVX512, AVX512_VNNI, AVX512_BF16 -> throw foreign(isa, "64-bit Arm");
        };
    }

    private Target with(String more) {
        return new Target(triple, processor, more);
    }

    private static IllegalArgumentException foreign(Isa isa, String architecture) {
        return new IllegalArgumentException(isa.label() + " is no instruction set of " + architecture);
    }

    /** The name of LLVM's code generator. */
    String generator() {
        return triple.startsWith("aarch64") ? "AArch64" : "X86";
    }
}
