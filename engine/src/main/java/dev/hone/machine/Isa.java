package dev.hone.machine;

import dev.hone.HoneException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** The vector instructions that kernels are emitted for, of each architecture from the plainest to the widest. */
public enum Isa {
    /** Vectors of 128 bits in portable LLVM IR, for every target. */
    GENERIC(4, 16),
    /** 256 bits and fused multiply-add: x86-64-v3. */
    AVX2(8, 16),
    /** 512 bits and mask registers: x86-64-v4. */
    AVX512(16, 32),
    /** Sums of four products of bytes in one instruction. */
    AVX512_VNNI(16, 32),
    /** Sums of two products of bfloat16 numbers in one instruction. */
    AVX512_BF16(16, 32),
    /** 64-bit Arm with fused multiply-add, which every one of them has: armv8-a. */
    NEON(4, 32),
    /** Sums of four products of bytes of the same sign in one instruction: armv8.2-a+dotprod. */
    NEON_DOTPROD(4, 32),
    /** Products of two rows and two columns of bytes, whose signs may differ, in one instruction: +i8mm. */
    NEON_I8MM(4, 32),
    /** Sums of two products of bfloat16 numbers in one instruction: armv8.6-a. */
    NEON_BF16(4, 32);

    private static final String X86 = "x86_64";
    private static final String ARM = "aarch64";

    private static final Set<String> AVX512_FEATURES =
            Set.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx2", "fma", "f16c");

    private final int lanes;
    private final int registers;

    Isa(int lanes, int registers) {
        this.lanes = lanes;
        this.registers = registers;
    }

    /** Whether an architecture, as {@link Machine#architecture} names it, has it on some of its processors. */
    public boolean existsOn(String architecture) {
        return this == GENERIC || architecture.equals(isArm() ? ARM : X86);
    }

    /** Whether it is one of 64-bit Arm. */
    public boolean isArm() {
        return compareTo(NEON) >= 0;
    }

    /** 32-bit values in a vector. */
    public int lanes() {
        return lanes;
    }

    /** Vector registers that a loop can use. */
    public int registers() {
        return registers;
    }

    /** Whether it has all that another one has. */
    public boolean includes(Isa other) {
        return other == GENERIC || (isArm() == other.isArm() && compareTo(other) >= 0);
    }

    /** Whether four products of bytes are summed by one instruction. */
    public boolean hasByteProducts() {
        return includes(AVX512_VNNI) || includes(NEON_DOTPROD);
    }

    /** Whether two products of bfloat16 numbers are summed by one instruction. */
    public boolean hasBfloatProducts() {
        return includes(AVX512_BF16) || includes(NEON_BF16);
    }

    /** Whether a processor with these features (names as in {@code /proc/cpuinfo}) can run it. */
    boolean runsWith(Set<String> available) {
        return switch (this) {
            case GENERIC -> true;
            case AVX2 -> available.containsAll(Set.of("avx2", "fma", "f16c", "bmi1", "bmi2", "movbe"));
            case AVX512 -> AVX2.runsWith(available) && available.containsAll(AVX512_FEATURES);
            case AVX512_VNNI -> AVX512.runsWith(available) && available.contains("avx512_vnni");
            case AVX512_BF16 -> AVX512_VNNI.runsWith(available) && available.contains("avx512_bf16");
            case NEON -> available.contains("asimd");
            case NEON_DOTPROD -> NEON.runsWith(available) && available.contains("asimddp");
            case NEON_I8MM -> NEON_DOTPROD.runsWith(available) && available.contains("i8mm");
            case NEON_BF16 -> NEON_I8MM.runsWith(available) && available.contains("bf16");
        };
    }

    /** The lower-case name in options and problem lines. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The instruction set of a label.
     *
     * @throws HoneException of category {@code USAGE} for an unknown one
     */
    public static Isa parse(String label) {
        for (Isa isa : values()) {
            if (isa.label().equals(label.toLowerCase(Locale.ROOT))) {
                return isa;
            }
        }
        throw new HoneException(
                HoneException.Category.USAGE,
                "unknown instruction set '" + label + "'; known are "
                        + Arrays.stream(values()).map(Isa::label).toList());
    }
}
