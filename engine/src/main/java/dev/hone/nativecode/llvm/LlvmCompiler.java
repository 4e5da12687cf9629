package dev.hone.nativecode.llvm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Compiles LLVM IR text to objects or assembly. Each call has its own LLVM context; calls run one at a time. */
public final class LlvmCompiler {
    private static final String PASSES = "default<O2>";
    private static final int AGGRESSIVE = 3;
    private static final int POSITION_INDEPENDENT = 2;
    private static final int DEFAULT_CODE_MODEL = 0;
    private static final int ASSEMBLY = 0;
    private static final int OBJECT = 1;
    private static final int RETURN_STATUS = 2;

    private final LlvmBindings llvm;
    private final Set<String> initializedTargets = new HashSet<>();

    private static final class Holder {
        static final LlvmCompiler INSTANCE = new LlvmCompiler(new LlvmBindings(LlvmLibrary.locate()));
    }

    private LlvmCompiler(LlvmBindings llvm) {
        this.llvm = llvm;
    }

    /**
     * The one compiler of this process; the first call unpacks and loads LLVM.
     *
     * @throws HoneException when LLVM cannot be unpacked or loaded
     */
    public static LlvmCompiler get() {
        try {
            return Holder.INSTANCE;
        } catch (ExceptionInInitializerError failure) {
            if (failure.getCause() instanceof HoneException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    /** This computer under an instruction set: its own processor for its widest one, the common denominator else. */
    public synchronized Target host(Machine machine, Isa isa) {
        Target target = Target.of(machine.architecture(), isa);
        if (isa != machine.isa() || isa == Isa.GENERIC) {
            return target;
        }
        try {
            String processor = llvm.takeMessage((MemorySegment) llvm.hostCpuName.invokeExact());
            String features = llvm.takeMessage((MemorySegment) llvm.hostCpuFeatures.invokeExact());
            return new Target(target.triple(), processor, features);
        } catch (Throwable failure) {
            throw unchecked(failure);
        }
    }

    /** Relocatable ELF object code of a module. */
    public byte[] emitObject(String ir, Target target) {
        return emit(ir, target, OBJECT);
    }

    /** Assembly text of a module, for tests of instruction choice. */
    public String emitAssembly(String ir, Target target) {
        return new String(emit(ir, target, ASSEMBLY), StandardCharsets.UTF_8);
    }

    private synchronized byte[] emit(String ir, Target target, int kind) {
        try (Arena arena = Arena.ofConfined()) {
            if (initializedTargets.add(target.generator())) {
                llvm.initializeTarget(target.generator());
            }
            MemorySegment machine = targetMachine(arena, target);
            MemorySegment context = (MemorySegment) llvm.contextCreate.invokeExact();
            try {
                MemorySegment module = parse(arena, context, ir);
                try {
                    prepare(arena, module, machine, target);
                    return generate(arena, module, machine, kind);
                } finally {
                    llvm.disposeModule.invokeExact(module);
                }
            } finally {
                llvm.contextDispose.invokeExact(context);
                llvm.disposeTargetMachine.invokeExact(machine);
            }
        } catch (Throwable failure) {
            throw unchecked(failure);
        }
    }

    private MemorySegment targetMachine(Arena arena, Target target) throws Throwable {
        MemorySegment found = arena.allocate(ADDRESS);
        MemorySegment message = arena.allocate(ADDRESS);
        MemorySegment triple = arena.allocateFrom(target.triple());
        if ((int) llvm.targetFromTriple.invokeExact(triple, found, message) != 0) {
            throw new HoneException(
                    Category.MACHINE,
                    "LLVM has no code generator for " + target.triple() + ": "
                            + llvm.takeMessage(message.get(ADDRESS, 0)));
        }
        return (MemorySegment) llvm.createTargetMachine.invokeExact(
                found.get(ADDRESS, 0),
                triple,
                arena.allocateFrom(target.processor()),
                arena.allocateFrom(target.features()),
                AGGRESSIVE,
                POSITION_INDEPENDENT,
                DEFAULT_CODE_MODEL);
    }

    private MemorySegment parse(Arena arena, MemorySegment context, String ir) throws Throwable {
        MemorySegment text = arena.allocateFrom(ir);
        MemorySegment buffer = (MemorySegment)
                llvm.createMemoryBuffer.invokeExact(text, text.byteSize() - 1, arena.allocateFrom("kernels"), 1);
        MemorySegment module = arena.allocate(ADDRESS);
        MemorySegment message = arena.allocate(ADDRESS);
        if ((int) llvm.parseIr.invokeExact(context, buffer, module, message) != 0) {
            throw new IllegalStateException("emitted IR does not parse: " + llvm.takeMessage(message.get(ADDRESS, 0)));
        }
        return module.get(ADDRESS, 0);
    }

    private void prepare(Arena arena, MemorySegment module, MemorySegment machine, Target target) throws Throwable {
        llvm.setTarget.invokeExact(module, arena.allocateFrom(target.triple()));
        MemorySegment layout = (MemorySegment) llvm.createDataLayout.invokeExact(machine);
        llvm.setDataLayout.invokeExact(module, layout);
        llvm.disposeDataLayout.invokeExact(layout);
        MemorySegment message = arena.allocate(ADDRESS);
        int broken = (int) llvm.verifyModule.invokeExact(module, RETURN_STATUS, message);
        String explanation = llvm.takeMessage(message.get(ADDRESS, 0));
        if (broken != 0) {
            throw new IllegalStateException("emitted IR is not valid: " + explanation);
        }
        MemorySegment options = (MemorySegment) llvm.createPassOptions.invokeExact();
        // Kernels are written with the vectors and the unrolling they need; more of it only spills registers.
        llvm.setLoopUnrolling.invokeExact(options, 0);
        llvm.setLoopVectorization.invokeExact(options, 0);
        llvm.setLoopInterleaving.invokeExact(options, 0);
        llvm.setSlpVectorization.invokeExact(options, 0);
        MemorySegment error =
                (MemorySegment) llvm.runPasses.invokeExact(module, arena.allocateFrom(PASSES), machine, options);
        llvm.disposePassOptions.invokeExact(options);
        if (error.address() != 0) {
            throw new IllegalStateException("LLVM's passes failed: " + llvm.takeError(error));
        }
    }

    private byte[] generate(Arena arena, MemorySegment module, MemorySegment machine, int kind) throws Throwable {
        MemorySegment message = arena.allocate(ADDRESS);
        MemorySegment buffer = arena.allocate(ADDRESS);
        if ((int) llvm.emit.invokeExact(machine, module, kind, message, buffer) != 0) {
            throw new IllegalStateException("LLVM emitted no code: " + llvm.takeMessage(message.get(ADDRESS, 0)));
        }
        return llvm.takeBuffer(buffer.get(ADDRESS, 0));
    }

    private static RuntimeException unchecked(Throwable failure) {
        return switch (failure) {
            case RuntimeException exception -> exception;
            case Error error -> throw error;
            default -> new IllegalStateException(failure);
        };
    }
}
