package dev.hone.nativecode.system;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** A program for Linux that needs no loader and no library: an object at a fixed address, and memory beside it. */
public final class StaticProgram {
    /** Where the memory begins; the code lies below. */
    public static final long MEMORY = 0x4000_0000L;

    private static final long CODE = 0x40_0000L;
    private static final int CODE_IN_FILE = 4096;
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_BYTES = 56;
    private static final short MACHINE_AARCH64 = 183;
    private static final int EXECUTABLE_AND_READABLE = 5;
    private static final int READABLE_AND_WRITABLE = 6;

    private StaticProgram() {}

    /**
     * The file of a program for 64-bit Arm, whose code is placed as {@link NativeCode} places it.
     *
     * @param object relocatable, with a function {@code _start} that does not return
     * @param memoryBytes zeros at {@link #MEMORY}
     */
    public static byte[] of(byte[] object, long memoryBytes) {
        ElfObject elf = ElfObject.parse(object);
        if (!elf.architecture().equals("aarch64")) {
            throw new IllegalArgumentException("object for " + elf.architecture());
        }
        byte[] file = new byte[CODE_IN_FILE + Math.toIntExact(elf.loadedBytes())];
        elf.place(MemorySegment.ofArray(file).asSlice(CODE_IN_FILE), CODE);
        long start = CODE + Objects.requireNonNull(elf.functions().get("_start"));
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
        header.putShort((short) 2).putShort(MACHINE_AARCH64).putInt(1).putLong(start);
        header.putLong(HEADER_BYTES).putLong(0).putInt(0);
        header.putShort((short) HEADER_BYTES).putShort((short) SEGMENT_BYTES).putShort((short) 2);
        segment(header, 0, EXECUTABLE_AND_READABLE, new long[] {CODE_IN_FILE, CODE, elf.loadedBytes()}, 0);
        segment(header, 1, READABLE_AND_WRITABLE, new long[] {0, MEMORY, 0}, memoryBytes);
        return file;
    }

    /** @param part place in the file, address, bytes in the file */
    private static void segment(ByteBuffer header, int index, int rights, long[] part, long more) {
        header.position(HEADER_BYTES + index * SEGMENT_BYTES).putInt(1).putInt(rights);
        header.putLong(part[0]).putLong(part[1]).putLong(part[1]);
        header.putLong(part[2]).putLong(part[2] + more).putLong(CODE_IN_FILE);
    }
}
