package dev.hone.kernel;

import dev.hone.machine.Isa;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.llvm.Target;
import dev.hone.nativecode.system.StaticProgram;
import dev.hone.testkit.Shared;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Kernels for 64-bit Arm in a program of their own, which an emulator runs. For each call the program reads the memory
 * that the kernel works on from its standard input, runs the kernel, and writes the memory to its standard output.
 */
final class EmulatedProgram implements KernelFixture.Host {
    private static final String EMULATOR = "qemu-aarch64-static";
    /** Before the memory of the kernels: its size, the number of the kernel, its arguments. */
    private static final int HEADER_BYTES = 4096;

    private static final int MEMORY_BYTES = 16 << 20;

    /**
     * Reads (call 63 of Linux) and writes (64) until nothing more comes, then ends (93). How Linux is called is written
     * in instructions, because the compiler's library has no assembler: the number to x8, the other arguments to x0 and
     * following, {@code svc #0}, {@code ret}.
     */
    private static final String DRIVER = """

            @linux = private constant [6 x i32] [
              i32 u0xaa0003e8, i32 u0xaa0103e0, i32 u0xaa0203e1, i32 u0xaa0303e2, i32 u0xd4000001, i32 u0xd65f03c0]
            define internal void @all(i64 %number, i64 %file, ptr %memory, i64 %bytes) #1 {
            entry:
              br label %loop
            loop:
              %done = phi i64 [ 0, %entry ], [ %now, %more ]
              %left = sub i64 %bytes, %done
              %end = icmp sle i64 %left, 0
              br i1 %end, label %return, label %more
            more:
              %place = getelementptr i8, ptr %memory, i64 %done
              %moved = call i64 @linux(i64 %number, i64 %file, ptr %place, i64 %left)
              %now = add i64 %done, %moved
              %good = icmp sgt i64 %moved, 0
              br i1 %good, label %loop, label %stop
            stop:
              %gone = call i64 @linux(i64 93, i64 0, ptr null, i64 0)
              unreachable
            return:
              ret void
            }
            define void @_start() #1 {
            entry:
              %memory = inttoptr i64 MEMORY to ptr
              %rest = getelementptr i8, ptr %memory, i64 HEADER
              br label %loop
            loop:
              call void @all(i64 63, i64 0, ptr %memory, i64 HEADER)
              %bytes = load i64, ptr %memory
              call void @all(i64 63, i64 0, ptr %rest, i64 %bytes)
              %which = getelementptr i64, ptr %memory, i64 1
              %kernel = load i64, ptr %which
              %arguments = getelementptr i64, ptr %memory, i64 2
              switch i64 %kernel, label %written [ LABELS ]
            CASES
            written:
              call void @all(i64 64, i64 1, ptr %rest, i64 %bytes)
              br label %loop
            }
            attributes #1 = { nounwind noinline "no-builtins" }
            """;

    private final List<Kernel> kernels;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(MEMORY_BYTES, HEADER_BYTES);
    private final Path file;
    private final Process process;
    private long used = HEADER_BYTES;

    /** Starts the program; the test is skipped where there is no emulator. */
    EmulatedProgram(List<? extends Kernel> kernels) {
        Assumptions.assumeTrue(isThere(), () -> Shared.OPTIONAL + "there is no " + EMULATOR + " on the PATH");
        this.kernels = List.copyOf(kernels);
        byte[] object = LlvmCompiler.get()
                .emitObject(
                        Kernel.module(kernels) + driver(),
                        Target.arm(kernels.getFirst().isa()));
        try {
            file = Files.createTempFile(
                    "kernels",
                    ".elf",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.write(file, StaticProgram.of(object, MEMORY_BYTES));
            process = new ProcessBuilder(
                            EMULATOR, "-cpu", processor(kernels.getFirst().isa()), file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** One that has just what code was emitted for: the first lacks dotprod, the second i8mm. */
    private static String processor(Isa isa) {
        return switch (isa) {
            case GENERIC, NEON -> "cortex-a72";
            case NEON_DOTPROD -> "neoverse-n1";
            case NEON_I8MM, NEON_BF16 -> "max";
            case AVX2, AVX512, AVX512_VNNI, AVX512_BF16 -> throw new IllegalArgumentException(isa.label());
        };
    }

    private static boolean isThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, EMULATOR)));
    }

    @Override
    public MemorySegment allocate(long bytes) {
        long start = used;
        used = (start + bytes + 63) / 64 * 64;
        return memory.asSlice(start, bytes, 64);
    }

    /** Forgets all memory that it gave. */
    void reuse() {
        used = HEADER_BYTES;
    }

    @Override
    public void run(Kernel kernel, Object... arguments) {
        memory.set(ValueLayout.JAVA_LONG, 0, used - HEADER_BYTES);
        memory.set(ValueLayout.JAVA_LONG, 8, kernels.indexOf(kernel));
        for (int index = 0; index < arguments.length; index++) {
            memory.set(ValueLayout.JAVA_LONG, 16 + 8L * index, bits(arguments[index]));
        }
        try {
            process.getOutputStream().write(memory.asSlice(0, used).toArray(ValueLayout.JAVA_BYTE));
            process.getOutputStream().flush();
            byte[] result = new byte[Math.toIntExact(used - HEADER_BYTES)];
            new DataInputStream(process.getInputStream()).readFully(result);
            MemorySegment.copy(result, 0, memory, ValueLayout.JAVA_BYTE, HEADER_BYTES, result.length);
        } catch (IOException failure) {
            throw new AssertionError("the program for " + kernel.line() + " ended early", failure);
        }
    }

    private long bits(Object argument) {
        return switch (argument) {
            case MemorySegment segment -> StaticProgram.MEMORY + segment.address() - memory.address();
            case Float number -> Float.floatToRawIntBits(number);
            case Number number -> number.longValue();
            default -> throw new IllegalArgumentException("argument " + argument);
        };
    }

    private String driver() {
        StringBuilder labels = new StringBuilder();
        StringBuilder cases = new StringBuilder();
        for (int index = 0; index < kernels.size(); index++) {
            labels.append("i64 ")
                    .append(index)
                    .append(", label %case")
                    .append(index)
                    .append(' ');
            cases.append("case")
                    .append(index)
                    .append(":\n")
                    .append("  call void @")
                    .append(kernels.get(index).symbol())
                    .append("(ptr %arguments)\n  br label %written\n");
        }
        return DRIVER.replace("MEMORY", Long.toString(StaticProgram.MEMORY))
                .replace("HEADER", Integer.toString(HEADER_BYTES))
                .replace("LABELS", labels)
                .replace("CASES", cases);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        arena.close();
        try {
            Files.delete(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
