package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.hone.HoneException;
import dev.hone.graph.Graph;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A model from an ONNX file, as exported by torch.onnx and Optimum: operator sets 11 to 21, external data, float16
 * initialisers.
 *
 * <p>The file is memory-mapped and owned by this object; the graph's constants are views of the mapping and must not be
 * read after {@link #close()}. Nothing in the file is trusted.
 */
public final class OnnxModel implements AutoCloseable {
    private final Path file;
    private final Graph graph;
    private final List<String> notes;
    private final OnnxFacts facts;
    private final Arena arena;

    private OnnxModel(Path file, OnnxImporter.Imported imported, OnnxFacts facts, Arena arena) {
        this.file = file;
        this.facts = facts;
        this.graph = imported.graph();
        this.notes = imported.notes();
        this.arena = arena;
    }

    /**
     * Opens a file and imports its graph.
     *
     * @throws HoneException of category CHECKPOINT when the file is missing or damaged, of category UNSUPPORTED when it
     *     asks for something that is not known; both name the file and, where there is one, the node
     */
    public static OnnxModel open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            ModelProto model = parse(file, MappedFile.map(file, arena));
            OnnxImporter.Imported imported = OnnxImporter.run(file, model, new OnnxTensors(file, arena));
            return new OnnxModel(file, imported, OnnxFacts.of(model), arena);
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    /**
     * Parses the file where it lies: byte fields of the message are views of the mapping.
     *
     * @throws HoneException of category CHECKPOINT, naming the file, when it is no ONNX file
     */
    public static ModelProto parse(Path file, MemorySegment memory) {
        if (memory.byteSize() == 0) {
            throw MappedFile.damaged(file, "it is empty");
        }
        if (memory.byteSize() > Integer.MAX_VALUE) {
            throw MappedFile.damaged(file, "an ONNX file holds at most 2 GB; larger models keep external data");
        }
        try {
            CodedInputStream input =
                    UnsafeByteOperations.unsafeWrap(memory.asByteBuffer()).newCodedInput();
            input.enableAliasing(true);
            ModelProto model = ModelProto.parseFrom(input);
            if (!model.hasGraph()) {
                throw MappedFile.damaged(file, "it is no ONNX file: it holds no graph");
            }
            return model;
        } catch (IOException failure) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT,
                    file + ": it is no ONNX file, or it is damaged: " + failure.getMessage(),
                    failure);
        }
    }

    /** The file that this was read from. */
    public Path file() {
        return file;
    }

    /** The model in small operators; inputs, outputs and values keep their ONNX names. */
    public Graph graph() {
        return graph;
    }

    /** What the file says beside its graph. */
    public OnnxFacts facts() {
        return facts;
    }

    /** What reading changed, in sentences for the user; empty where nothing did. */
    public List<String> notes() {
        return notes;
    }

    /** Unmaps the file; constants that are read afterwards throw {@link IllegalStateException}. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
