package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.hone.HoneException;
import dev.hone.graph.Graph;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes graphs as ONNX files: standard operators of operator set 17, inputs of any batch and length.
 *
 * <p>Fused operators are taken apart. Constants of 16-bit types stay as they are and are cast where they are read.
 * Models above 2 GB, which one file cannot hold, keep their constants in a second file, named like the first with
 * {@code .data} at its end.
 */
public final class OnnxWriter {
    private static final int OPSET = 17;
    private static final int FORMAT_VERSION = 8;
    private static final long LARGEST_SINGLE_FILE_BYTES = 2_000_000_000;
    private static final int ALIGNMENT = 64;
    private static final int CHUNK = 1 << 24;

    private final ReplacedFiles files;
    private final long largestSingleFileBytes;

    private OnnxWriter(ReplacedFiles files, long largestSingleFileBytes) {
        this.files = files;
        this.largestSingleFileBytes = largestSingleFileBytes;
    }

    /**
     * Writes a graph, primitive or fused. The file appears under its name when it is complete, otherwise not at all.
     *
     * @throws HoneException of category OUTPUT, naming the file, when it cannot be written
     */
    public static void write(Graph graph, Path file) {
        write(graph, file, ReplacedFiles.ONTO_DISK, LARGEST_SINGLE_FILE_BYTES);
    }

    static void write(Graph graph, Path file, ReplacedFiles.Opener opener, long largestSingleFileBytes) {
        try (ReplacedFiles files = new ReplacedFiles(opener)) {
            new OnnxWriter(files, largestSingleFileBytes).run(graph, file);
            files.commit();
        } catch (IOException failure) {
            throw new HoneException(
                    HoneException.Category.OUTPUT,
                    file + ": cannot be written: " + ReplacedFiles.reason(failure)
                            + "; nothing is left of it, check the folder and the space on the disk",
                    failure);
        }
    }

    private void run(Graph graph, Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            OnnxEmission onnx = new OnnxEmission(graph, arena);
            OnnxPrimitives primitives = new OnnxPrimitives(onnx);
            graph.nodes().forEach(primitives::write);
            GraphProto.Builder proto = onnx.finish();
            long bytes = onnx.initializers().stream()
                    .mapToLong(initializer -> initializer.memory().byteSize())
                    .sum();
            if (bytes > largestSingleFileBytes) {
                Path data = file.resolveSibling(file.getFileName() + ".data");
                writeExternal(onnx.initializers(), data, proto);
            } else {
                onnx.initializers()
                        .forEach(initializer ->
                                proto.addInitializer(described(initializer).setRawData(bytes(initializer.memory()))));
            }
            try (OutputStream output = files.open(file)) {
                model(proto).writeTo(output);
            }
        }
    }

    private static ModelProto model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(FORMAT_VERSION)
                .setProducerName("hone")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph)
                .build();
    }

    private static TensorProto.Builder described(OnnxInitializer initializer) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(initializer.name())
                .setDataType(OnnxEmission.typeNumber(initializer.type()));
        for (long dim : initializer.shape().toArray()) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    /** The bytes without a copy; the memory outlives the message. */
    private static ByteString bytes(MemorySegment memory) {
        return memory.byteSize() == 0 ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(memory.asByteBuffer());
    }

    private void writeExternal(List<OnnxInitializer> initializers, Path data, GraphProto.Builder graph)
            throws IOException {
        try (OutputStream output = files.open(data);
                WritableByteChannel channel = Channels.newChannel(output)) {
            long offset = 0;
            for (OnnxInitializer initializer : initializers) {
                int gap = (int) (-offset & (ALIGNMENT - 1));
                output.write(new byte[gap]);
                offset += gap;
                long length = initializer.memory().byteSize();
                graph.addInitializer(described(initializer)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", String.valueOf(data.getFileName())))
                        .addExternalData(entry("offset", Long.toString(offset)))
                        .addExternalData(entry("length", Long.toString(length))));
                for (long done = 0; done < length; done += CHUNK) {
                    long chunk = Math.min(CHUNK, length - done);
                    channel.write(initializer.memory().asSlice(done, chunk).asByteBuffer());
                }
                offset += length;
            }
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
