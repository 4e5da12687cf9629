package dev.hone.measure;

import dev.hone.machine.Isa;
import dev.hone.tensor.DType;

/**
 * A loop of nothing but products that are added up, in LLVM IR. Each sum depends on itself alone, so that enough of
 * them hide the latency of one.
 *
 * @param isa what it is emitted for
 * @param arithmetic F32, BF16 where the instruction set has products of them, or I8
 */
record PeakLoop(Isa isa, DType arithmetic) {
    static final String SYMBOL = "hone_peak";
    /** The operands of each product stay in registers beside the sums. */
    private static final int OTHER_REGISTERS = 4;

    private static final String TEMPLATE = """
            declare DECLARED
            define void @hone_peak(ptr %memory, i64 %rounds) #0 {
            entry:
              %second = getelementptr float, ptr %memory, i64 1
              %third = getelementptr float, ptr %memory, i64 2
              %f = load float, ptr %memory
              %g = load float, ptr %second
              %f0 = insertelement FLOATS poison, float %f, i32 0
              %fs = shufflevector FLOATS %f0, FLOATS poison, <LANES x i32> zeroinitializer
              %g0 = insertelement FLOATS poison, float %g, i32 0
              %gs = shufflevector FLOATS %g0, FLOATS poison, <LANES x i32> zeroinitializer
              %x = bitcast FLOATS %fs to OPERANDS
              %y = bitcast FLOATS %gs to OPERANDS
              %z = bitcast FLOATS %gs to SUMS
            STARTS  br label %loop
            loop:
              %i = phi i64 [ 0, %entry ], [ %next, %loop ]
            CARRIEDSTEPS  %next = add i64 %i, 1
              %more = icmp slt i64 %next, %rounds
              br i1 %more, label %loop, label %end
            end:
            ADDED  %result = extractelement SUMS %sLAST, i32 0
              store ELEMENT %result, ptr %third
              ret void
            }
            attributes #0 = { nounwind "no-builtins" "prefer-vector-width"="BITS" "min-legal-vector-width"="BITS" }
            """;

    PeakLoop {
        boolean known = arithmetic == DType.F32
                || arithmetic == DType.I8
                || (arithmetic == DType.BF16 && isa.hasBfloatProducts());
        if (!known) {
            throw new IllegalArgumentException(isa.label() + " has no products of " + arithmetic.text());
        }
    }

    /** Sums that are carried through the loop. */
    int sums() {
        return isa.registers() - OTHER_REGISTERS;
    }

    /** Operations of one round with that many sums: two for each product. */
    long operations(int sums) {
        int products = switch (arithmetic) {
            case BF16 -> 2;
            case I8 -> bytesInStep();
            default -> 1;
        };
        return 2L * products * sums * isa.lanes();
    }

    /** Products that are added to one lane. */
    private int bytesInStep() {
        return switch (isa) {
            case NEON -> 1;
            case GENERIC, AVX2, AVX512 -> 2;
            case AVX512_VNNI, AVX512_BF16, NEON_DOTPROD -> 4;
            case NEON_I8MM, NEON_BF16 -> 8;
        };
    }

    /** The module, with a function of the memory of three floats and the number of rounds. */
    String module(int sums) {
        StringBuilder starts = new StringBuilder();
        StringBuilder carried = new StringBuilder();
        StringBuilder steps = new StringBuilder();
        StringBuilder added = new StringBuilder();
        boolean whole = arithmetic == DType.I8;
        for (int i = 0; i < sums; i++) {
            // Each starts from another value, so that they cannot be taken for one.
            starts.append("  %%b%d = insertelement SUMS %%z, ELEMENT %d%s, i32 0%n".formatted(i, i, whole ? "" : ".0"));
            carried.append("  %%a%d = phi SUMS [ %%b%d, %%entry ], [ %%n%d, %%loop ]%n".formatted(i, i, i));
            steps.append(step(i));
            String before = i == 0 ? "%z" : "%s" + (i - 1);
            added.append("  %%s%d = %s SUMS %s, %%n%d%n".formatted(i, whole ? "add" : "fadd", before, i));
        }
        String text = TEMPLATE.replace("STARTS", starts)
                .replace("CARRIED", carried)
                .replace("STEPS", steps)
                .replace("ADDED", added)
                .replace("LAST", Integer.toString(sums - 1))
                .replace("DECLARED", declared());
        return typed(text);
    }

    private String typed(String text) {
        String floats = vector(1, "float");
        return text.replace("FLOATS", floats)
                .replace("OPERANDS", operands())
                .replace("SUMS", arithmetic == DType.I8 ? vector(1, "i32") : floats)
                .replace("ELEMENT", arithmetic == DType.I8 ? "i32" : "float")
                .replace("LANES", Integer.toString(isa.lanes()))
                .replace("BITS", Integer.toString(Float.SIZE * isa.lanes()));
    }

    private String operands() {
        return switch (arithmetic) {
            case BF16 -> vector(2, "bfloat");
            case I8 -> bytes();
            default -> vector(1, "float");
        };
    }

    private String bytes() {
        return switch (isa) {
            case GENERIC, AVX2, AVX512 -> vector(2, "i16");
            case AVX512_VNNI, AVX512_BF16, NEON -> vector(1, "i32");
            case NEON_DOTPROD, NEON_I8MM, NEON_BF16 -> vector(4, "i8");
        };
    }

    private String declared() {
        if (arithmetic == DType.I8 && isa == Isa.NEON) {
            return "void @llvm.donothing()";
        }
        return arithmetic == DType.I8 && !isa.hasByteProducts()
                ? "SUMS " + instruction() + "(OPERANDS, OPERANDS)"
                : "SUMS " + instruction() + "(SUMS, OPERANDS, OPERANDS)";
    }

    private String instruction() {
        return switch (arithmetic) {
            case BF16 -> isa.isArm() ? "@llvm.aarch64.neon.bfdot.v4f32.v8bf16" : "@llvm.x86.avx512bf16.dpbf16ps.512";
            case I8 ->
                switch (isa) {
                    case GENERIC -> "@llvm.x86.sse2.pmadd.wd";
                    case AVX2 -> "@llvm.x86.avx2.pmadd.wd";
                    case AVX512 -> "@llvm.x86.avx512.pmaddw.d.512";
                    case AVX512_VNNI, AVX512_BF16 -> "@llvm.x86.avx512.vpdpbusd.512";
                    case NEON -> throw new IllegalStateException("products are plain ones");
                    case NEON_DOTPROD -> "@llvm.aarch64.neon.sdot.v4i32.v16i8";
                    case NEON_I8MM, NEON_BF16 -> "@llvm.aarch64.neon.usmmla.v4i32.v16i8";
                };
            default -> (isa == Isa.GENERIC ? "@llvm.fmuladd.v" : "@llvm.fma.v") + isa.lanes() + "f32";
        };
    }

    private String step(int i) {
        if (arithmetic == DType.I8 && isa == Isa.NEON) {
            // Widened bytes are multiplied four at a time.
            return "  %%p%d = mul SUMS %%a%d, %%x%n  %%n%d = add SUMS %%p%d, %%z%n".formatted(i, i, i, i);
        }
        if (arithmetic == DType.I8 && !isa.hasByteProducts()) {
            // Bytes that were widened: the products of the sum itself, so that no loop can do without them.
            return "  %%w%d = bitcast SUMS %%a%d to OPERANDS%n".formatted(i, i)
                    + "  %%p%d = call SUMS %s(OPERANDS %%w%d, OPERANDS %%x)%n".formatted(i, instruction(), i)
                    + "  %%n%d = add SUMS %%p%d, %%z%n".formatted(i, i);
        }
        return "  %%n%d = call SUMS %s(SUMS %%a%d, OPERANDS %%x, OPERANDS %%y)%n".formatted(i, instruction(), i);
    }

    private String vector(int times, String element) {
        return "<" + times * isa.lanes() + " x " + element + ">";
    }
}
