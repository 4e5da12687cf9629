package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.hone.HoneException;
import dev.hone.graph.Graph;
import java.lang.foreign.Arena;
import java.nio.file.Path;

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

    private OnnxWriter() {}

    /**
     * Writes a graph, primitive or fused. The file appears under its name when it is complete, otherwise not at all.
     *
     * @throws HoneException of category OUTPUT, naming the file, when it cannot be written
     */
    public static void write(Graph graph, Path file) {
        write(graph, file, ReplacedFiles.ONTO_DISK, OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
    }

    static void write(Graph graph, Path file, ReplacedFiles.Opener opener, long largestSingleFileBytes) {
        try (Arena arena = Arena.ofConfined()) {
            OnnxEmission onnx = new OnnxEmission(graph, arena);
            OnnxPrimitives primitives = new OnnxPrimitives(onnx);
            graph.nodes().forEach(primitives::write);
            OnnxOutput.write(model(onnx.finish()), onnx.initializers(), file, opener, largestSingleFileBytes);
        }
    }

    private static ModelProto.Builder model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(FORMAT_VERSION)
                .setProducerName("hone")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph);
    }
}
