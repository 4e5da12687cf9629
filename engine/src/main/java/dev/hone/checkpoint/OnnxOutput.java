package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.hone.FileFailure;
import dev.hone.HoneException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * The bytes of an ONNX file: one message that holds everything, or, for models above 2 GB and where it is asked for, a
 * message and a second file with the constants, named like the first with {@code .data} at its end.
 */
public final class OnnxOutput {
    /** Constants above this many bytes together leave the message, which cannot be longer than 2^31 - 1 bytes. */
    public static final long LARGEST_SINGLE_FILE_BYTES = 2_000_000_000;

    private static final int ALIGNMENT = 64;
    private static final int CHUNK = 1 << 24;

    /** Shapes and axes must be in the message, because readers look at them before they look for a second file. */
    private static final int LARGEST_SIZES_BYTES = 1024;

    private final ReplacedFiles files;
    private final long largestSingleFileBytes;

    private OnnxOutput(ReplacedFiles files, long largestSingleFileBytes) {
        this.files = files;
        this.largestSingleFileBytes = largestSingleFileBytes;
    }

    /**
     * Writes a model. The files appear under their names when they are complete, otherwise not at all.
     *
     * @param model everything but the constants, which {@code initializers} adds
     * @param largestSingleFileBytes constants of more bytes than this go to the second file
     * @throws HoneException of category OUTPUT, naming the file, when it cannot be written
     */
    public static void write(
            ModelProto.Builder model, List<OnnxInitializer> initializers, Path file, long largestSingleFileBytes) {
        write(model, initializers, file, ReplacedFiles.ONTO_DISK, largestSingleFileBytes);
    }

    static void write(
            ModelProto.Builder model,
            List<OnnxInitializer> initializers,
            Path file,
            ReplacedFiles.Opener opener,
            long largestSingleFileBytes) {
        try (ReplacedFiles files = new ReplacedFiles(opener)) {
            new OnnxOutput(files, largestSingleFileBytes).run(model, initializers, file);
            files.commit();
        } catch (IOException failure) {
            throw new HoneException(
                    HoneException.Category.OUTPUT,
                    file + ": cannot be written: " + FileFailure.whileWriting(failure)
                            + "; nothing is left of it, check the folder and the space on the disk",
                    failure);
        }
    }

    private void run(ModelProto.Builder model, List<OnnxInitializer> initializers, Path file) throws IOException {
        GraphProto.Builder graph = model.getGraphBuilder();
        long bytes = initializers.stream()
                .mapToLong(initializer -> initializer.memory().byteSize())
                .sum();
        if (bytes > largestSingleFileBytes) {
            writeExternal(initializers, ExternalData.of(file), graph);
        } else {
            initializers.forEach(initializer ->
                    graph.addInitializer(described(initializer).setRawData(bytes(initializer.memory()))));
        }
        try (OutputStream output = files.open(file)) {
            model.build().writeTo(output);
        }
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
                if (mayBeSizes(initializer)) {
                    graph.addInitializer(described(initializer).setRawData(bytes(initializer.memory())));
                    continue;
                }
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

    private static boolean mayBeSizes(OnnxInitializer initializer) {
        return !initializer.type().isFloat() && initializer.memory().byteSize() <= LARGEST_SIZES_BYTES;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
