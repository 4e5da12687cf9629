package dev.hone.artefact;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.artefact.Manifest.Companion;
import dev.hone.artefact.Manifest.Level;
import dev.hone.artefact.Manifest.Section;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.machine.Isa;
import dev.hone.runtime.Constants;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes an artefact beside its place and puts it there when it is whole; without that it vanishes, also where the
 * process is interrupted. The same model and options give the same bytes.
 */
public final class ArtefactWriter implements AutoCloseable {
    private final String architecture;
    private final Path place;
    private final Path beside;
    private final FileChannel channel;
    private final List<Level> levels = new ArrayList<>();
    private final List<Companion> files = new ArrayList<>();
    private final Map<Content, List<Section>> written = new HashMap<>();

    /** What two equal sections have in common. */
    private record Content(long bytes, long checksum) {}

    /**
     * Begins an artefact.
     *
     * @param place a folder that does not exist yet
     * @param architecture of the processors that it is for, as {@link dev.hone.machine.Machine} names it
     * @throws HoneException of category OUTPUT when it exists or cannot be made
     */
    public ArtefactWriter(Path place, String architecture) {
        this.architecture = architecture;
        this.place = place.toAbsolutePath();
        Path folder = this.place.getParent();
        if (folder == null || Files.exists(this.place)) {
            throw new HoneException(
                    Category.OUTPUT, place + ": it exists already; remove it or choose another name for --out");
        }
        this.beside = folder.resolve("." + this.place.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            vanishing(Files.createDirectory(beside));
            this.channel = FileChannel.open(
                    vanishing(beside.resolve(Artefact.PLAN)), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            channel.position(Header.BYTES);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /** What goes when the process ends; the last to be named goes first. What has its place by then is not there. */
    private static Path vanishing(Path path) {
        path.toFile().deleteOnExit();
        return path;
    }

    /**
     * Adds code and constants for one instruction set, after those for plainer ones.
     *
     * @param graph the fused graph that was lowered
     * @param object the machine code of its kernels
     * @param constants what its steps took, by node
     */
    public void add(Isa isa, Graph graph, byte[] object, Map<String, List<MemorySegment>> constants) {
        try {
            Section code = append(MemorySegment.ofArray(object));
            Map<String, List<Section>> sections = new TreeMap<>();
            for (Map.Entry<String, List<MemorySegment>> entry : new TreeMap<>(constants).entrySet()) {
                List<Section> list = new ArrayList<>();
                for (MemorySegment constant : entry.getValue()) {
                    list.add(append(constant));
                }
                sections.put(entry.getKey(), list);
            }
            levels.add(new Level(isa.label(), GraphText.print(graph), code, sections));
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /** Writes a section, or finds the one that has the same bytes. */
    private Section append(MemorySegment bytes) throws IOException {
        Content content = new Content(bytes.byteSize(), Artefact.checksum(bytes));
        for (Section section : written.getOrDefault(content, List.of())) {
            if (isEqual(section, bytes)) {
                return section;
            }
        }
        long offset = Math.ceilDiv(channel.position(), Constants.ALIGNMENT) * Constants.ALIGNMENT;
        channel.position(offset);
        long step = 1L << 30;
        for (long start = 0; start < bytes.byteSize(); start += step) {
            ByteBuffer part = bytes.asSlice(start, Math.min(step, bytes.byteSize() - start))
                    .asByteBuffer();
            while (part.hasRemaining()) {
                channel.write(part);
            }
        }
        Section section = new Section(offset, bytes.byteSize(), content.checksum());
        written.computeIfAbsent(content, _ -> new ArrayList<>()).add(section);
        return section;
    }

    private boolean isEqual(Section section, MemorySegment bytes) throws IOException {
        try (FileChannel reader = FileChannel.open(beside.resolve(Artefact.PLAN), StandardOpenOption.READ)) {
            ByteBuffer part = ByteBuffer.allocateDirect(1 << 20);
            for (long start = 0; start < bytes.byteSize(); start += part.limit()) {
                part.clear().limit((int) Math.min(part.capacity(), bytes.byteSize() - start));
                while (part.hasRemaining() && reader.read(part, section.offset() + start + part.position()) >= 0) {}
                part.flip();
                MemorySegment there = MemorySegment.ofBuffer(part);
                if (there.mismatch(bytes.asSlice(start, there.byteSize())) >= 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Adds a small file that describes tokenizer or task.
     *
     * @param name where it is found in the artefact's folder; parts are separated by slashes
     */
    public void addFile(String name, Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            Path target = beside.resolve(name);
            Files.createDirectories(vanishing(Objects.requireNonNull(target.getParent())));
            vanishing(target);
            try (FileChannel written =
                    FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    written.write(left);
                }
                written.force(true);
            }
            files.add(new Companion(name, bytes.length, Artefact.checksum(MemorySegment.ofArray(bytes))));
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /**
     * Ends the artefact and puts it into its place.
     *
     * @param hone the version of the program
     * @return bytes of the plan
     */
    public long commit(String hone, String precision) {
        try {
            Manifest manifest = new Manifest(hone, architecture, precision, levels, files);
            Section section = append(MemorySegment.ofArray(manifest.toBytes()));
            long size = section.offset() + section.bytes();
            ByteBuffer header = new Header(size, section).toBytes();
            while (header.hasRemaining()) {
                channel.write(header, header.position());
            }
            channel.force(true);
            channel.close();
            Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
            return size;
        } catch (FileAlreadyExistsException taken) {
            throw new HoneException(Category.OUTPUT, place + ": it was made by somebody else meanwhile", taken);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    private HoneException unwritable(IOException failure) {
        return new HoneException(
                Category.OUTPUT,
                place + ": cannot be written: " + failure.getMessage() + "; nothing was left",
                failure);
    }

    /** Removes what was not committed. */
    @Override
    public void close() {
        try {
            channel.close();
            if (Files.exists(beside)) {
                try (Stream<Path> paths = Files.walk(beside)) {
                    for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(path);
                    }
                }
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }
}
