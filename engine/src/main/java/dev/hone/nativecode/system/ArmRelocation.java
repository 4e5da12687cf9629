package dev.hone.nativecode.system;

import java.nio.ByteBuffer;

/**
 * Relocations of 64-bit Arm, after "ELF for the Arm 64-bit Architecture", sections 5.7.4 to 5.7.6: those that code for
 * the small model has within one object.
 */
final class ArmRelocation {
    private static final int ABSOLUTE_64 = 257;
    private static final int RELATIVE_64 = 260;
    private static final int RELATIVE_32 = 261;
    private static final int PAGE = 275;
    private static final int ADD_LOW_12 = 277;
    private static final int ACCESS_8_LOW_12 = 278;
    private static final int JUMP_26 = 282;
    private static final int CALL_26 = 283;
    private static final int ACCESS_16_LOW_12 = 284;
    private static final int ACCESS_32_LOW_12 = 285;
    private static final int ACCESS_64_LOW_12 = 286;
    private static final int ACCESS_128_LOW_12 = 299;

    private static final int PAGE_SHIFT = 12;
    private static final long LOW_12 = 0xfff;
    private static final int IMMEDIATE_12_SHIFT = 10;

    private ArmRelocation() {}

    /**
     * Writes what a place refers to.
     *
     * @param memory of the place, little-endian, which code will see at {@code place}
     * @param target the address that it refers to, addend included
     */
    static void resolve(int type, ByteBuffer memory, long place, long target) {
        switch (type) {
            case ABSOLUTE_64 -> memory.putLong(0, target);
            case RELATIVE_64 -> memory.putLong(0, target - place);
            case RELATIVE_32 -> memory.putInt(0, Math.toIntExact(target - place));
            case PAGE -> add(memory, page((target >> PAGE_SHIFT) - (place >> PAGE_SHIFT)));
            case JUMP_26, CALL_26 -> add(memory, branch(target - place));
            case ADD_LOW_12, ACCESS_8_LOW_12 -> add(memory, low(target, 0));
            case ACCESS_16_LOW_12 -> add(memory, low(target, 1));
            case ACCESS_32_LOW_12 -> add(memory, low(target, 2));
            case ACCESS_64_LOW_12 -> add(memory, low(target, 3));
            case ACCESS_128_LOW_12 -> add(memory, low(target, 4));
            default -> throw new IllegalArgumentException("relocation type " + type + " of 64-bit Arm is not known");
        }
    }

    /** Puts bits of an immediate into an instruction that has zeros there. */
    private static void add(ByteBuffer memory, int bits) {
        int instruction = memory.getInt(0);
        memory.putInt(0, instruction | bits);
    }

    /** A number of pages in the 21 bits of ADRP: the lowest two apart from the others. */
    private static int page(long pages) {
        check(pages, 20);
        return (int) (pages & 3) << 29 | (int) (pages >> 2 & 0x7ffff) << 5;
    }

    /** A distance in the 26 bits of a branch, which counts instructions of four bytes. */
    private static int branch(long distance) {
        check(distance >> 2, 25);
        return (int) (distance >> 2) & 0x3ffffff;
    }

    /** The place within a page, in units of what is accessed. */
    private static int low(long target, int shift) {
        long offset = target & LOW_12;
        if (offset >> shift << shift != offset) {
            throw new IllegalArgumentException("an access of " + (1 << shift) + " bytes is not aligned");
        }
        return (int) (offset >> shift) << IMMEDIATE_12_SHIFT;
    }

    private static void check(long value, int bits) {
        if (value < -(1L << bits) || value >= 1L << bits) {
            throw new IllegalArgumentException("a target is too far away");
        }
    }
}
