package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.hone.graph.Graph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Builds small ONNX files, well formed or not, in the manner of an exporter. */
final class OnnxFile {
    static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
    static final int INT32 = TensorProto.DataType.INT32.getNumber();
    static final int INT64 = TensorProto.DataType.INT64.getNumber();

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("small");
    private long opset = 17;

    static OnnxFile ofIds() {
        return new OnnxFile().input("input_ids", INT64).input("attention_mask", INT64);
    }

    OnnxFile opset(long version) {
        opset = version;
        return this;
    }

    OnnxFile input(String name, int type) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("rows"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("columns"))
                .build();
        graph.addInput(ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape))));
        return this;
    }

    OnnxFile output(String name) {
        graph.addOutput(ValueInfoProto.newBuilder().setName(name));
        return this;
    }

    OnnxFile initializer(TensorProto.Builder tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    OnnxFile floats(String name, List<Long> dims, float... values) {
        return initializer(floatTensor(name, dims, values));
    }

    OnnxFile longs(String name, List<Long> dims, long... values) {
        return initializer(longTensor(name, dims, values));
    }

    static TensorProto.Builder floatTensor(String name, List<Long> dims, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return tensor(name, FLOAT, dims).setRawData(ByteString.copyFrom(bytes.flip()));
    }

    static TensorProto.Builder longTensor(String name, List<Long> dims, long... values) {
        TensorProto.Builder tensor = tensor(name, INT64, dims);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return tensor;
    }

    static TensorProto.Builder tensor(String name, int type, List<Long> dims) {
        return TensorProto.newBuilder().setName(name).setDataType(type).addAllDims(dims);
    }

    /** Adds a node; its operands and then its outputs are separated by an arrow. */
    OnnxFile node(String operator, String wiring, AttributeProto... attributes) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName("the_" + operator);
        String[] sides = wiring.split("->", -1);
        if (!sides[0].isBlank()) {
            node.addAllInput(List.of(sides[0].strip().split(" ", -1)));
        }
        node.addAllOutput(List.of(sides[1].strip().split(" ", -1))).addAllAttribute(List.of(attributes));
        graph.addNode(node);
        return this;
    }

    GraphProto.Builder graph() {
        return graph;
    }

    byte[] bytes() {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    Path write(Path file) {
        return SafetensorsFile.write(file, bytes());
    }

    /** The text of the imported graph, without its inputs, constants and outputs. */
    List<String> imported(Path directory) {
        try (OnnxModel model = OnnxModel.open(write(directory.resolve("model.onnx")))) {
            Graph imported = model.graph();
            return imported.toString()
                    .lines()
                    .filter(line -> line.startsWith("%"))
                    .toList();
        }
    }

    static AttributeProto integer(String name, long value) {
        return OnnxAttributes.integer(name, value);
    }

    static AttributeProto integers(String name, Integer... values) {
        return OnnxAttributes.integers(name, List.of(values));
    }

    static AttributeProto tensor(String name, TensorProto.Builder value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(value)
                .build();
    }
}
