package dev.hone.nativecode.system;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A relocatable 64-bit ELF object as LLVM emits it for self-contained kernels: sections that are copied to memory one
 * after another, and relocations among them.
 *
 * <p>Layout after the System V ABI, "Object Files"; relocations in {@link X86Relocation} and {@link ArmRelocation}.
 * Objects come from our own compiler, so a broken one is a programming error.
 */
final class ElfObject {
    private static final int MAGIC = 0x464c457f;
    private static final int MACHINE_X86_64 = 62;
    private static final int MACHINE_AARCH64 = 183;
    private static final int SYMBOL_TABLE = 2;
    private static final int RELOCATIONS_WITH_ADDENDS = 4;
    private static final int NO_BITS = 8;
    private static final long ALLOCATED = 2;
    private static final int GLOBAL_FUNCTION = 0x12;
    private static final int SYMBOL_BYTES = 24;
    private static final int RELOCATION_BYTES = 24;

    private record Section(int type, long flags, long offset, long size, int link, int info, long alignment) {
        boolean allocated() {
            return (flags & ALLOCATED) != 0;
        }
    }

    private final ByteBuffer file;
    private final Section[] sections;
    private final long[] placement;
    private final long loadedBytes;

    private ElfObject(ByteBuffer file, Section[] sections) {
        this.file = file;
        this.sections = sections;
        this.placement = new long[sections.length];
        long position = 0;
        for (int index = 0; index < sections.length; index++) {
            Section section = sections[index];
            if (section.allocated()) {
                long alignment = Math.max(1, section.alignment());
                position = (position + alignment - 1) / alignment * alignment;
                placement[index] = position;
                position += section.size();
            }
        }
        this.loadedBytes = Math.max(1, position);
    }

    static ElfObject parse(byte[] object) {
        ByteBuffer file = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
        if (object.length < 64 || file.getInt(0) != MAGIC) {
            throw new IllegalArgumentException("not an ELF object");
        }
        int headers = Math.toIntExact(file.getLong(40));
        Section[] sections = new Section[file.getShort(60)];
        for (int index = 0; index < sections.length; index++) {
            int at = headers + index * 64;
            sections[index] = new Section(
                    file.getInt(at + 4),
                    file.getLong(at + 8),
                    file.getLong(at + 24),
                    file.getLong(at + 32),
                    file.getInt(at + 40),
                    file.getInt(at + 44),
                    file.getLong(at + 48));
        }
        return new ElfObject(file, sections);
    }

    /** The architecture as {@link dev.hone.machine.Machine} names it. */
    String architecture() {
        int machine = file.getShort(18);
        return switch (machine) {
            case MACHINE_X86_64 -> "x86_64";
            case MACHINE_AARCH64 -> "aarch64";
            default -> "architecture " + machine;
        };
    }

    long loadedBytes() {
        return loadedBytes;
    }

    /** Offsets of the global functions in the loaded image. */
    Map<String, Long> functions() {
        Map<String, Long> functions = new TreeMap<>();
        for (Section section : sections) {
            if (section.type() == SYMBOL_TABLE) {
                for (long at = section.offset(); at < section.offset() + section.size(); at += SYMBOL_BYTES) {
                    if (file.get((int) at + 4) == GLOBAL_FUNCTION) {
                        functions.put(name(section, (int) at), value((int) at));
                    }
                }
            }
        }
        return functions;
    }

    /**
     * Copies the sections to their places and resolves the relocations.
     *
     * @param address where the image begins when its code runs, a multiple of 4096
     */
    void place(MemorySegment image, long address) {
        for (int index = 0; index < sections.length; index++) {
            Section section = sections[index];
            if (section.allocated() && section.type() != NO_BITS) {
                MemorySegment bytes = MemorySegment.ofBuffer(file).asSlice(section.offset(), section.size());
                image.asSlice(placement[index], section.size()).copyFrom(bytes);
            }
        }
        for (Section section : sections) {
            if (section.type() == RELOCATIONS_WITH_ADDENDS && sections[section.info()].allocated()) {
                relocate(section, image, address);
            }
        }
    }

    private void relocate(Section relocations, MemorySegment image, long address) {
        boolean arm = file.getShort(18) == MACHINE_AARCH64;
        Section symbols = sections[relocations.link()];
        ByteBuffer bytes = image.asByteBuffer();
        long end = relocations.offset() + relocations.size();
        for (long at = relocations.offset(); at < end; at += RELOCATION_BYTES) {
            long place = placement[relocations.info()] + file.getLong((int) at);
            int type = file.getInt((int) at + 8);
            int symbol = Math.toIntExact(symbols.offset() + (long) file.getInt((int) at + 12) * SYMBOL_BYTES);
            long target = value(symbol) + file.getLong((int) at + 16);
            if (arm) {
                ArmRelocation.resolve(type, at(bytes, place), address + place, address + target);
            } else {
                X86Relocation.resolve(type, at(bytes, place), address + place, address + target);
            }
        }
    }

    private static ByteBuffer at(ByteBuffer image, long place) {
        int start = Math.toIntExact(place);
        return image.slice(start, image.capacity() - start).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where a symbol lies in the image. */
    private long value(int symbol) {
        int section = file.getShort(symbol + 6);
        if (section <= 0 || section >= sections.length || !sections[section].allocated()) {
            throw new IllegalArgumentException("compiled kernels may not need anything from outside, but need "
                    + Arrays.stream(sections)
                            .filter(candidate -> candidate.type() == SYMBOL_TABLE)
                            .map(table -> name(table, symbol))
                            .toList());
        }
        return placement[section] + file.getLong(symbol + 8);
    }

    private String name(Section symbolTable, int symbol) {
        int start = Math.toIntExact(sections[symbolTable.link()].offset() + file.getInt(symbol));
        int end = start;
        while (file.get(end) != 0) {
            end++;
        }
        return StandardCharsets.UTF_8.decode(file.slice(start, end - start)).toString();
    }
}
