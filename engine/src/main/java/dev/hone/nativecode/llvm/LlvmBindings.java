package dev.hone.nativecode.llvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The functions of LLVM's C interface (llvm-c/Core.h, TargetMachine.h, Transforms/PassBuilder.h) that the compiler
 * calls,
 * bound by hand. It stays loaded, because LLVM keeps global state that must not be unmapped.
 */
final class LlvmBindings extends ForeignLibrary {
    private static final MemoryLayout POINTER = ADDRESS;
    private static final MemoryLayout INT = JAVA_INT;
    private static final MemoryLayout SIZE = JAVA_LONG;

    private final MethodHandle disposeMessage = procedure("LLVMDisposeMessage", POINTER);
    final MethodHandle contextCreate = function("LLVMContextCreate", POINTER);
    final MethodHandle contextDispose = procedure("LLVMContextDispose", POINTER);
    final MethodHandle createMemoryBuffer =
            function("LLVMCreateMemoryBufferWithMemoryRange", POINTER, POINTER, SIZE, POINTER, INT);
    final MethodHandle bufferStart = function("LLVMGetBufferStart", POINTER, POINTER);
    final MethodHandle bufferSize = function("LLVMGetBufferSize", SIZE, POINTER);
    final MethodHandle disposeMemoryBuffer = procedure("LLVMDisposeMemoryBuffer", POINTER);
    final MethodHandle parseIr = function("LLVMParseIRInContext", INT, POINTER, POINTER, POINTER, POINTER);
    final MethodHandle disposeModule = procedure("LLVMDisposeModule", POINTER);
    final MethodHandle setTarget = procedure("LLVMSetTarget", POINTER, POINTER);
    final MethodHandle verifyModule = function("LLVMVerifyModule", INT, POINTER, INT, POINTER);
    final MethodHandle printModule = function("LLVMPrintModuleToString", POINTER, POINTER);

    final MethodHandle targetFromTriple = function("LLVMGetTargetFromTriple", INT, POINTER, POINTER, POINTER);
    final MethodHandle createTargetMachine =
            function("LLVMCreateTargetMachine", POINTER, POINTER, POINTER, POINTER, POINTER, INT, INT, INT);
    final MethodHandle disposeTargetMachine = procedure("LLVMDisposeTargetMachine", POINTER);
    final MethodHandle createDataLayout = function("LLVMCreateTargetDataLayout", POINTER, POINTER);
    final MethodHandle disposeDataLayout = procedure("LLVMDisposeTargetData", POINTER);
    final MethodHandle setDataLayout = procedure("LLVMSetModuleDataLayout", POINTER, POINTER);
    final MethodHandle emit =
            function("LLVMTargetMachineEmitToMemoryBuffer", INT, POINTER, POINTER, INT, POINTER, POINTER);
    final MethodHandle hostCpuName = function("LLVMGetHostCPUName", POINTER);
    final MethodHandle hostCpuFeatures = function("LLVMGetHostCPUFeatures", POINTER);

    final MethodHandle createPassOptions = function("LLVMCreatePassBuilderOptions", POINTER);
    final MethodHandle disposePassOptions = procedure("LLVMDisposePassBuilderOptions", POINTER);
    final MethodHandle setLoopUnrolling = procedure("LLVMPassBuilderOptionsSetLoopUnrolling", POINTER, INT);
    final MethodHandle setLoopVectorization = procedure("LLVMPassBuilderOptionsSetLoopVectorization", POINTER, INT);
    final MethodHandle setLoopInterleaving = procedure("LLVMPassBuilderOptionsSetLoopInterleaving", POINTER, INT);
    final MethodHandle setSlpVectorization = procedure("LLVMPassBuilderOptionsSetSLPVectorization", POINTER, INT);
    final MethodHandle runPasses = function("LLVMRunPasses", POINTER, POINTER, POINTER, POINTER, POINTER);
    final MethodHandle errorMessage = function("LLVMGetErrorMessage", POINTER, POINTER);
    final MethodHandle disposeErrorMessage = procedure("LLVMDisposeErrorMessage", POINTER);

    LlvmBindings(Path file) {
        super(file);
    }

    /** Makes the code generator of an architecture ready; called once for each that is used. */
    void initializeTarget(String target) throws Throwable {
        for (String part : new String[] {"TargetInfo", "Target", "TargetMC", "AsmPrinter"}) {
            procedure("LLVMInitialize" + target + part).invokeExact();
        }
    }

    /** Copies a string that LLVM allocated, and frees it. */
    String takeMessage(MemorySegment message) throws Throwable {
        String text = string(message);
        disposeMessage.invokeExact(message);
        return text;
    }

    /** Copies an error's text, and frees the error. */
    String takeError(MemorySegment error) throws Throwable {
        MemorySegment message = (MemorySegment) errorMessage.invokeExact(error);
        String text = string(message);
        disposeErrorMessage.invokeExact(message);
        return text;
    }

    /** The bytes of a memory buffer, which is freed. */
    @SuppressWarnings("restricted")
    byte[] takeBuffer(MemorySegment buffer) throws Throwable {
        MemorySegment start = (MemorySegment) bufferStart.invokeExact(buffer);
        long size = (long) bufferSize.invokeExact(buffer);
        byte[] bytes = start.reinterpret(size).toArray(JAVA_BYTE);
        disposeMemoryBuffer.invokeExact(buffer);
        return bytes;
    }

    @SuppressWarnings("restricted")
    private static String string(MemorySegment text) {
        return text.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.UTF_8);
    }
}
