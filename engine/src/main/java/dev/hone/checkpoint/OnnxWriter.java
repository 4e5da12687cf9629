package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.hone.HoneException;
import dev.hone.graph.Graph;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes graphs as ONNX files: standard operators, inputs of any batch and length.
 *
 * <p>Fused operators are taken apart. Constants of 16-bit types stay as they are and are cast where they are read.
 * Models above 2 GB, which one file cannot hold, keep their constants in a second file, named like the first with
 * {@code .data} at its end. A graph that came from a file keeps what that said beside it: see {@link OnnxFacts}.
 */
public final class OnnxWriter {
    /**
     * How a file is written.
     *
     * @param facts of the file that the graph came from
     * @param externalData whether constants go to a second file whatever their size
     */
    public record Options(Optional<OnnxFacts> facts, boolean externalData) {
        public static final Options PLAIN = new Options(Optional.empty(), false);
    }

    private OnnxWriter() {}

    /**
     * Writes a graph, primitive or fused. The file appears under its name when it is complete, otherwise not at all.
     *
     * @throws HoneException of category OUTPUT, naming the file, when it cannot be written
     */
    public static void write(Graph graph, Path file) {
        write(graph, file, Options.PLAIN);
    }

    /**
     * Writes a graph as {@link #write(Graph, Path)} does.
     *
     * @return what differs from the file that the graph came from, in sentences
     */
    public static List<String> write(Graph graph, Path file, Options options) {
        long largest = options.externalData() ? 0 : OnnxOutput.LARGEST_SINGLE_FILE_BYTES;
        return write(graph, file, options.facts(), new Target(ReplacedFiles.ONTO_DISK, largest));
    }

    static void write(Graph graph, Path file, ReplacedFiles.Opener opener, long largestSingleFileBytes) {
        write(graph, file, Optional.empty(), new Target(opener, largestSingleFileBytes));
    }

    private record Target(ReplacedFiles.Opener opener, long largestSingleFileBytes) {}

    private static List<String> write(Graph graph, Path file, Optional<OnnxFacts> given, Target target) {
        OnnxVersions versions = OnnxVersions.of(graph, given);
        OnnxFacts facts = given.orElseGet(() -> OnnxFacts.ofHone(versions.opset(), versions.format()));
        try (Arena arena = Arena.ofConfined()) {
            OnnxEmission onnx = new OnnxEmission(graph, arena, facts, versions.opset());
            OnnxPrimitives primitives = new OnnxPrimitives(onnx);
            graph.nodes().forEach(primitives::write);
            ModelProto.Builder model = model(onnx.finish(), facts, versions);
            OnnxOutput.write(model, onnx.initializers(), file, target.opener(), target.largestSingleFileBytes());
        }
        return versions.raised().stream().toList();
    }

    private static ModelProto.Builder model(GraphProto.Builder graph, OnnxFacts facts, OnnxVersions versions) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(versions.format())
                .setProducerName(facts.producer().name())
                .setProducerVersion(facts.producer().version())
                .setDomain(facts.producer().domain())
                .setModelVersion(facts.producer().modelVersion())
                .setDocString(facts.producer().description())
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(versions.opset()))
                .setGraph(graph.setDocString(facts.graphDescription()));
        facts.metadata()
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model;
    }
}
