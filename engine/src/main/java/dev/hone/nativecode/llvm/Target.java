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

    /** Any x86-64 processor that has the instruction set. */
    public static Target x86(Isa isa) {
        String processor = switch (isa) {
            case GENERIC -> "x86-64";
            case AVX2 -> "x86-64-v3";
            case AVX512, AVX512_VNNI, AVX512_BF16 -> "x86-64-v4";
        };
        String features = switch (isa) {
            case GENERIC, AVX2, AVX512 -> "";
            case AVX512_VNNI -> "+avx512vnni";
            case AVX512_BF16 -> "+avx512vnni,+avx512bf16";
        };
        return new Target(X86_64, processor, features);
    }

    /** The name of LLVM's code generator. */
    String generator() {
        return triple.startsWith("aarch64") ? "AArch64" : "X86";
    }
}
