package dev.hone.nativecode.system;

import java.nio.ByteBuffer;

/** Relocations of x86-64, after its psABI, table 4.9. */
final class X86Relocation {
    private static final int ABSOLUTE = 1;
    private static final int RELATIVE_32 = 2;
    private static final int CALL_32 = 4;

    private X86Relocation() {}

    /**
     * Writes what a place refers to.
     *
     * @param memory of the place, little-endian, which code will see at {@code place}
     * @param target the address that it refers to, addend included
     */
    static void resolve(int type, ByteBuffer memory, long place, long target) {
        switch (type) {
            case ABSOLUTE -> memory.putLong(0, target);
            case RELATIVE_32, CALL_32 -> memory.putInt(0, Math.toIntExact(target - place));
            default -> throw new IllegalArgumentException("relocation type " + type + " of x86-64 is not known");
        }
    }
}
