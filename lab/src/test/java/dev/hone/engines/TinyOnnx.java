package dev.hone.engines;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The smallest model with the inputs and outputs of an encoder: a token's row is its row of a table, a sequence's row
 * is
 * the sum over its tokens where the mask is one, and the start score is the sum over a token's row.
 */
public final class TinyOnnx {
    public static final int VOCABULARY = 50;
    public static final int HIDDEN = 4;

    private TinyOnnx() {}

    /** The value of the table at a token's row and a column. */
    public static float table(int id, int column) {
        return id + column / 8f;
    }

    /** Writes the model; ids and mask are int64, or int32 where {@code narrow}. */
    public static Path write(Path file, boolean narrow) throws IOException {
        return write(file, narrow, 0);
    }

    /** Writes a model whose answers are off: the first column of its table is larger by the given amount. */
    public static Path writeWithTable(Path file, float offset) throws IOException {
        return write(file, false, offset);
    }

    private static Path write(Path file, boolean narrow, float offset) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny").addInitializer(embedding(offset));
        int idType = narrow ? TensorProto.DataType.INT32_VALUE : TensorProto.DataType.INT64_VALUE;
        graph.addInput(value("input_ids", idType, "batch", "sequence"));
        graph.addInput(value("attention_mask", idType, "batch", "sequence"));
        int floats = TensorProto.DataType.FLOAT_VALUE;
        graph.addOutput(value("last_hidden_state", floats, "batch", "sequence", HIDDEN));
        graph.addOutput(value("logits", floats, "batch", HIDDEN));
        graph.addOutput(value("start_logits", floats, "batch", "sequence"));
        graph.addInitializer(longs("last", 2));
        graph.addInitializer(longs("tokens", 1));
        graph.addNode(node("Gather", "last_hidden_state", List.of("table", "input_ids")));
        graph.addNode(node("Cast", "floats", List.of("attention_mask")).addAttribute(number("to", floats)));
        graph.addNode(node("Unsqueeze", "column", List.of("floats", "last")));
        graph.addNode(node("Mul", "masked", List.of("last_hidden_state", "column")));
        graph.addNode(node("ReduceSum", "logits", List.of("masked", "tokens")).addAttribute(number("keepdims", 0)));
        graph.addNode(node("ReduceSum", "start_logits", List.of("last_hidden_state", "last"))
                .addAttribute(number("keepdims", 0)));
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
        return Files.write(file, model.toByteArray());
    }

    private static TensorProto embedding(float offset) {
        TensorProto.Builder table = TensorProto.newBuilder()
                .setName("table")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(VOCABULARY)
                .addDims(HIDDEN);
        for (int id = 0; id < VOCABULARY; id++) {
            for (int column = 0; column < HIDDEN; column++) {
                table.addFloatData(table(id, column) + (column == 0 ? offset : 0));
            }
        }
        return table.build();
    }

    private static TensorProto longs(String name, long value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(1)
                .addInt64Data(value)
                .build();
    }

    private static NodeProto.Builder node(String operator, String output, List<String> inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output);
    }

    private static AttributeProto number(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static ValueInfoProto value(String name, int type, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            TensorShapeProto.Dimension.Builder builder = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(
                    dimension instanceof Integer fixed
                            ? builder.setDimValue(fixed)
                            : builder.setDimParam(dimension.toString()));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
                .build();
    }
}
