package dev.hone.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.hone.graph.GraphDifference;
import dev.hone.graph.GraphText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that is read and written again says what it said before. */
class OnnxRoundTripTest {
    @TempDir
    private Path directory;

    @Test
    void interfaceAndMetadataStay() throws IOException {
        Path written = again(model(14).toByteArray());
        ModelProto found = ModelProto.parseFrom(Files.readAllBytes(written));
        ModelProto given = model(14);
        assertThat(found.getProducerName()).isEqualTo("exporter");
        assertThat(found.getProducerVersion()).isEqualTo("2.7");
        assertThat(found.getDomain()).isEqualTo("org.example");
        assertThat(found.getModelVersion()).isEqualTo(3);
        assertThat(found.getDocString()).isEqualTo("what the model is");
        assertThat(found.getIrVersion()).isEqualTo(given.getIrVersion());
        assertThat(found.getMetadataPropsList()).isEqualTo(given.getMetadataPropsList());
        assertThat(found.getOpsetImportList()).isEqualTo(given.getOpsetImportList());
        assertThat(found.getGraph().getName()).isEqualTo("small");
        assertThat(found.getGraph().getDocString()).isEqualTo("what the graph is");
        assertThat(found.getGraph().getInputList())
                .as("names, types and axes")
                .isEqualTo(given.getGraph().getInputList());
        assertThat(found.getGraph().getOutputList())
                .as("names, types and axes")
                .isEqualTo(given.getGraph().getOutputList());
    }

    @ParameterizedTest
    @CsvSource({"11, 13, sums take their axes", "12, 13, ''", "13, 13, ''", "16, 16, ''", "18, 18, ''", "21, 21, ''"})
    void operatorSetStaysOrIsRaisedForAReason(long given, long expected, String reason) throws IOException {
        Path file = Files.write(directory.resolve("given.onnx"), model(given).toByteArray());
        try (OnnxModel opened = OnnxModel.open(file)) {
            Path written = directory.resolve("written.onnx");
            List<String> notes = OnnxWriter.write(
                    opened.graph(), written, new OnnxWriter.Options(Optional.of(opened.facts()), false));
            assertThat(notes).hasSize(given == expected ? 0 : 1);
            assertThat(String.join("", notes)).contains(reason);
            ModelProto found = ModelProto.parseFrom(Files.readAllBytes(written));
            assertThat(found.getOpsetImport(0).getVersion()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 17", "17, 17", "20, 20"})
    void normalisationsNeedTheirOperatorAndReductionsTheirForm(long given, long expected) throws IOException {
        var graph = GraphText.parse("""
                graph normal
                input %x: f32[batch, sequence, 2]
                constant %g: f32[2] = {1 2}
                %n: f32[batch, sequence, 2] = layerNorm{epsilon=1.0E-5}(%x, %g, %g)
                %m: f32[batch, 2] = reduce{function=maximum; axes=1; keepAxes=false}(%n)
                output y = %m
                """);
        Path written = directory.resolve("written.onnx");
        OnnxFacts facts = OnnxFacts.ofHone(given, 8);
        List<String> notes = OnnxWriter.write(graph, written, new OnnxWriter.Options(Optional.of(facts), false));
        assertThat(notes).hasSize(given == expected ? 0 : 1);
        ModelProto found = ModelProto.parseFrom(Files.readAllBytes(written));
        assertThat(found.getOpsetImport(0).getVersion()).isEqualTo(expected);
        NodeProto reduction = found.getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("ReduceMax"))
                .findFirst()
                .orElseThrow();
        assertThat(reduction.getInputCount()).as("axes as operand").isEqualTo(expected >= 18 ? 2 : 1);
    }

    @Test
    void constantsGoToASecondFileWhenTheyAreAskedTo() throws IOException {
        Path file = directory.resolve("parts.onnx");
        var graph = GraphText.parse("""
                graph parts
                input %x: f32[batch, 2]
                constant %g: f32[2] = {1 2}
                %y: f32[batch, 2] = binary{function=add}(%x, %g)
                output y = %y
                """);
        OnnxWriter.write(graph, file, new OnnxWriter.Options(Optional.empty(), true));
        assertThat(Files.size(directory.resolve("parts.onnx.data"))).isEqualTo(2 * Float.BYTES);
        try (OnnxModel model = OnnxModel.open(file)) {
            assertThat(GraphDifference.between(model.graph(), graph)).isEmpty();
        }
    }

    private Path again(byte[] model) throws IOException {
        Path file = Files.write(directory.resolve("given.onnx"), model);
        Path written = directory.resolve("written.onnx");
        try (OnnxModel opened = OnnxModel.open(file)) {
            OnnxWriter.write(opened.graph(), written, new OnnxWriter.Options(Optional.of(opened.facts()), false));
        }
        try (OnnxModel opened = OnnxModel.open(file);
                OnnxModel found = OnnxModel.open(written)) {
            assertThat(found.facts()).isEqualTo(opened.facts());
        }
        return written;
    }

    /** 32-bit inputs and a half precision output, with axes of their own names. */
    private static ModelProto model(long opset) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("small").setDocString("what the graph is");
        graph.addInput(value("ids", DataType.INT32, "texts", "words"));
        graph.addInput(value("more", DataType.INT64, "texts", "words"));
        graph.addOutput(value("halves", DataType.FLOAT16, "texts", "words"));
        graph.addOutput(value("sum", DataType.INT32, "texts", "words"));
        graph.addNode(node("Cast", "wide", "ids").addAttribute(OnnxAttributes.integer("to", DataType.INT64_VALUE)));
        graph.addNode(node("Add", "total", "wide", "more"));
        graph.addNode(node("Cast", "sum", "total").addAttribute(OnnxAttributes.integer("to", DataType.INT32_VALUE)));
        graph.addNode(
                node("Cast", "halves", "total").addAttribute(OnnxAttributes.integer("to", DataType.FLOAT16_VALUE)));
        return ModelProto.newBuilder()
                .setIrVersion(10)
                .setProducerName("exporter")
                .setProducerVersion("2.7")
                .setDomain("org.example")
                .setModelVersion(3)
                .setDocString("what the model is")
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("b").setValue("1"))
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("a").setValue("2"))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
                .setGraph(graph)
                .build();
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setName(output)
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static ValueInfoProto value(String name, DataType type, String... axes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String axis : axes) {
            shape.addDim(Dimension.newBuilder().setDimParam(axis));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
