package dev.hone.nativecode.system;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A function of compiled code or of the operating system that takes up to six whole numbers or addresses.
 *
 * <p>One method handle serves all functions, because to make one for a signature takes milliseconds of a start. It
 * passes six words of 64 bits and takes one back. The calling conventions of Linux and macOS, on x86-64 and on 64-bit
 * Arm, keep them in registers: a function reads the registers and the bits of them that its own signature names.
 */
public final class NativeFunction {
    private static final MethodHandle CALL = handle();
    private static final long[] NOTHING = {0, 0, 0};

    private final MemorySegment address;

    NativeFunction(MemorySegment address) {
        this.address = address;
    }

    @SuppressWarnings("restricted") // Addresses come from code that we placed and from the system's own table.
    private static MethodHandle handle() {
        return Linker.nativeLinker()
                .downcallHandle(FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    /** Calls a compiled kernel, which reads its arguments from memory. */
    public void call(Arguments arguments) {
        call(arguments.address(), 0, 0);
    }

    /**
     * Calls a function of up to three parameters; those that it does not have may be anything.
     *
     * @return what it returns, in as many low bits as its type has; anything for one that returns nothing
     */
    public long call(long first, long second, long third) {
        return call(first, second, third, NOTHING);
    }

    /**
     * Calls a function of six parameters.
     *
     * @param others the last three
     */
    long call(long first, long second, long third, long... others) {
        try {
            return (long) CALL.invokeExact(address, first, second, third, others[0], others[1], others[2]);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
