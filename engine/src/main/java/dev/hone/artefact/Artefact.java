package dev.hone.artefact;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.artefact.Manifest.Companion;
import dev.hone.artefact.Manifest.Level;
import dev.hone.artefact.Manifest.Section;
import dev.hone.checkpoint.MappedFile;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.kernel.Kernel;
import dev.hone.kernel.LinearSchedules;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.runtime.Lowering;
import dev.hone.runtime.Plan;
import dev.hone.runtime.PlanSource;
import dev.hone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/**
 * A compiled model in a folder: {@value #PLAN} with machine code and packed weights, and the small files that describe
 * tokenizer and task.
 *
 * <p>Nothing of it is trusted: offsets and sizes are checked before they are used, and every section's checksum before
 * anything runs.
 */
public final class Artefact {
    /** The name of the file that makes a folder an artefact. */
    public static final String PLAN = "hone.plan";

    private static final long LARGEST_MANIFEST = 64L << 20;

    private final Path file;
    private final Arena arena;
    private final MemorySegment memory;
    private final Manifest manifest;

    private Artefact(Path file, Arena arena, MemorySegment memory, Manifest manifest) {
        this.file = file;
        this.arena = arena;
        this.memory = memory;
        this.manifest = manifest;
    }

    /** Whether a path is an artefact's folder or its plan. */
    public static boolean isAt(Path path) {
        return Files.isRegularFile(planOf(path));
    }

    private static Path planOf(Path path) {
        boolean named =
                path.getFileName() != null && path.getFileName().toString().equals(PLAN);
        return named && !Files.isDirectory(path) ? path : path.resolve(PLAN);
    }

    /**
     * Maps an artefact and reads what it says of itself; what it holds is checked when it is bound.
     *
     * @throws HoneException of category CHECKPOINT when it is damaged or of another version
     */
    public static Artefact open(Path path) {
        Path file = planOf(path);
        Arena arena = Arena.ofShared();
        try {
            MemorySegment memory = MappedFile.map(file, arena);
            Header header = Header.parse(
                    file,
                    memory.asSlice(0, Math.min(memory.byteSize(), Header.BYTES)).asByteBuffer());
            if (header.fileBytes() != memory.byteSize()) {
                throw damaged(file, "it has " + memory.byteSize() + " bytes instead of " + header.fileBytes());
            }
            if (header.manifest().bytes() > LARGEST_MANIFEST) {
                throw damaged(file, "its manifest claims " + header.manifest().bytes() + " bytes");
            }
            MemorySegment bytes = section(file, memory, header.manifest(), "the manifest");
            Manifest manifest = Manifest.parse(bytes.toArray(ValueLayout.JAVA_BYTE));
            return new Artefact(file, arena, memory, manifest);
        } catch (IOException failure) {
            arena.close();
            throw damaged(file, "its manifest cannot be read: " + failure.getMessage());
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    private static MemorySegment section(Path file, MemorySegment memory, Section section, String what) {
        boolean inside = section.offset() >= Header.BYTES
                && section.bytes() >= 0
                && section.offset() <= memory.byteSize()
                && section.bytes() <= memory.byteSize() - section.offset()
                && section.offset() % Long.BYTES == 0;
        if (!inside) {
            throw damaged(file, what + " does not lie inside it");
        }
        MemorySegment bytes = memory.asSlice(section.offset(), section.bytes());
        if (checksum(bytes) != section.checksum()) {
            throw damaged(file, what + " is not what was written");
        }
        return bytes;
    }

    static long checksum(MemorySegment bytes) {
        CRC32C checksum = new CRC32C();
        long step = 1L << 30;
        for (long start = 0; start < bytes.byteSize(); start += step) {
            checksum.update(bytes.asSlice(start, Math.min(step, bytes.byteSize() - start))
                    .asByteBuffer());
        }
        return checksum.getValue();
    }

    private void checkCompanions() {
        Path folder = file.toAbsolutePath().normalize().resolveSibling("");
        for (Companion companion : manifest.files()) {
            Path path = folder.resolve(companion.name()).normalize();
            if (!path.startsWith(folder)) {
                throw damaged(file, "it names a file outside its folder: " + companion.name());
            }
            if (!Files.isRegularFile(path)) {
                throw damaged(path, "the file is missing");
            }
            if (!isUnchanged(path, companion)) {
                throw damaged(path, "the file is not what was written with the plan");
            }
        }
    }

    private static boolean isUnchanged(Path path, Companion companion) {
        try (Arena reading = Arena.ofConfined()) {
            MemorySegment bytes = MappedFile.map(path, reading);
            return bytes.byteSize() == companion.bytes() && checksum(bytes) == companion.checksum();
        }
    }

    /** The precisions that it was compiled for, as text. */
    public String precision() {
        return manifest.precision();
    }

    /** The graph that is computed on an instruction set; large constants have no elements. */
    public Graph graph(Isa isa) {
        return graph(level(isa));
    }

    /** What it is, in a sentence. */
    public String note() {
        return "compiled by Hone " + manifest.hone() + " for " + manifest.architecture() + " " + isas();
    }

    private List<String> isas() {
        return manifest.levels().stream().map(Level::isa).toList();
    }

    /** A plan that is ready to run, and the graph that it computes. */
    public record Opened(Graph graph, Plan plan) {}

    /**
     * Binds the code for the widest instruction set that may be used. The artefact belongs to the plan from here on.
     *
     * @param isa what this computer may use
     * @param threads workers, the caller included
     * @param outputs takes the whole graph and gives the part that is wanted
     * @throws HoneException of category MACHINE when there is no code for this computer
     */
    public Opened bind(Isa isa, int threads, UnaryOperator<Graph> outputs) {
        try {
            checkCompanions();
            Level level = level(isa);
            try (ConstantCheck check = new ConstantCheck(this::constant, level.constants())) {
                Graph graph = outputs.apply(graph(level));
                PlanSource source = Lowering.lower(graph, Isa.parse(level.isa()), LinearSchedules.USUAL);
                byte[] object = section(file, memory, level.code(), "the code").toArray(ValueLayout.JAVA_BYTE);
                return new Opened(graph, bind(source, NativeCode.load(object), check, threads));
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    private Plan bind(PlanSource source, NativeCode code, ConstantCheck check, int threads) {
        Map<String, List<MemorySegment>> constants;
        try {
            requireCode(source, code);
            constants = check.constants();
        } catch (RuntimeException | Error failure) {
            code.close();
            throw failure;
        }
        return Plan.bind(source, code, new MappedConstants(arena, constants), threads);
    }

    /** Another build of the same format may have cut the work into other kernels. */
    private void requireCode(PlanSource source, NativeCode code) {
        for (Kernel kernel : source.kernels()) {
            if (!code.has(kernel.symbol())) {
                throw damaged(file, "Hone " + manifest.hone() + ", which made it, had no kernel " + kernel.line());
            }
        }
    }

    private MemorySegment constant(String node, Section section) {
        return section(file, memory, section, "a constant of node " + node);
    }

    /** Frees an artefact that was not bound. */
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private Graph graph(Level level) {
        try {
            return GraphText.parse(level.graph(), (name, type, shape) -> Tensor.absent(type, shape));
        } catch (HoneException failure) {
            throw failure.at(file + ": its graph");
        }
    }

    private Level level(Isa isa) {
        String here = Machine.detect().architecture();
        if (!manifest.architecture().equals(here)) {
            throw new HoneException(
                    Category.MACHINE,
                    file + ": it was compiled for " + manifest.architecture() + ", this computer is " + here
                            + "; compile it with --target " + isa.label());
        }
        for (Level level : manifest.levels().reversed()) {
            if (isa.includes(Isa.parse(level.isa()))) {
                return level;
            }
        }
        throw new HoneException(
                Category.MACHINE,
                file + ": it was compiled for " + isas() + ", this computer may use " + isa.label()
                        + "; compile it with --target " + isa.label());
    }

    private static HoneException damaged(Path file, String complaint) {
        return new HoneException(Category.CHECKPOINT, file + ": " + complaint + "; compile the model again");
    }
}
