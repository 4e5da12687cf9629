package dev.hone.artefact;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an artefact holds. In the file it is a sequence of numbers and strings, big-endian: to read that takes a few
 * milliseconds of a start, where a JSON library took hundreds.
 *
 * @param hone the version that wrote it
 * @param architecture of processors, such as {@code x86_64}
 * @param precision the precisions of its layers, as text
 * @param levels machine code for one instruction set each, the plainest first
 * @param files small files beside it, which describe tokenizer and task
 */
record Manifest(String hone, String architecture, String precision, List<Level> levels, List<Companion> files) {
    /**
     * A piece of the file.
     *
     * @param offset from its start
     * @param bytes its size
     * @param checksum CRC-32C
     */
    record Section(long offset, long bytes, long checksum) {
        private void write(DataOutputStream out) throws IOException {
            out.writeLong(offset);
            out.writeLong(bytes);
            out.writeLong(checksum);
        }

        private static Section read(DataInputStream in) throws IOException {
            return new Section(in.readLong(), in.readLong(), in.readLong());
        }
    }

    /**
     * Code for one instruction set.
     *
     * @param isa its label
     * @param graph the text of the fused graph whose steps the code computes
     * @param code a relocatable ELF object
     * @param constants those of each node's step, in the order in which it takes them
     */
    record Level(String isa, String graph, Section code, Map<String, List<Section>> constants) {
        private void write(DataOutputStream out) throws IOException {
            writeText(out, isa);
            writeText(out, graph);
            code.write(out);
            out.writeInt(constants.size());
            for (Map.Entry<String, List<Section>> entry : constants.entrySet()) {
                writeText(out, entry.getKey());
                out.writeInt(entry.getValue().size());
                for (Section section : entry.getValue()) {
                    section.write(out);
                }
            }
        }

        private static Level read(DataInputStream in) throws IOException {
            String isa = readText(in);
            String graph = readText(in);
            Section code = Section.read(in);
            Map<String, List<Section>> constants = new TreeMap<>();
            for (int nodes = in.readInt(); nodes > 0; nodes--) {
                String node = readText(in);
                constants.put(node, readList(in, Section::read));
            }
            return new Level(isa, graph, code, constants);
        }
    }

    /** A file beside the plan. */
    record Companion(String name, long bytes, long checksum) {
        private void write(DataOutputStream out) throws IOException {
            writeText(out, name);
            out.writeLong(bytes);
            out.writeLong(checksum);
        }

        private static Companion read(DataInputStream in) throws IOException {
            return new Companion(readText(in), in.readLong(), in.readLong());
        }
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writeText(out, hone);
            writeText(out, architecture);
            writeText(out, precision);
            out.writeInt(levels.size());
            for (Level level : levels) {
                level.write(out);
            }
            out.writeInt(files.size());
            for (Companion file : files) {
                file.write(out);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException("memory is written without failures", impossible);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException when the bytes are no manifest */
    static Manifest parse(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new Manifest(
                    readText(in), readText(in), readText(in), readList(in, Level::read), readList(in, Companion::read));
        }
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    /** Grows with what is really there, whatever count is claimed. */
    private static <T> List<T> readList(DataInputStream in, Reader<T> reader) throws IOException {
        List<T> list = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            list.add(reader.read(in));
        }
        return List.copyOf(list);
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " bytes does not fit");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
