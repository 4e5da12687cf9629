package dev.hone.onnx.optimize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.hone.onnx.Attributes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A graph in the manner of an exporter: every node's result has the name that the wiring gives it. */
public final class ExportedGraph {
    private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    private static final int INT64 = TensorProto.DataType.INT64_VALUE;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("exported");
    private final long operatorSet;
    private final SplittableRandom random = new SplittableRandom(5);

    public ExportedGraph(long operatorSet) {
        this.operatorSet = operatorSet;
    }

    long operatorSet() {
        return operatorSet;
    }

    /** An input of int64 with named axes. */
    public ExportedGraph ids(String name, String... axes) {
        graph.addInput(value(name, INT64, (Object[]) axes));
        return this;
    }

    /** An input of int32 with named axes. */
    public ExportedGraph narrowIds(String name, String... axes) {
        graph.addInput(value(name, TensorProto.DataType.INT32_VALUE, (Object[]) axes));
        return this;
    }

    /** An input of f32; an axis is a name or a number. */
    public ExportedGraph rows(String name, Object... axes) {
        graph.addInput(value(name, FLOAT, axes));
        return this;
    }

    public ExportedGraph output(String name, Object... axes) {
        graph.addOutput(value(name, FLOAT, axes));
        return this;
    }

    private static ValueInfoProto value(String name, int type, Object... axes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object axis : axes) {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(
                    axis instanceof Integer number
                            ? dimension.setDimValue(number)
                            : dimension.setDimParam(axis.toString()));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
                .build();
    }

    /** A scalar of f32. */
    public ExportedGraph number(String name, double value) {
        graph.addInitializer(
                TensorProto.newBuilder().setName(name).setDataType(FLOAT).addFloatData((float) value));
        return this;
    }

    /** A list of int64. */
    public ExportedGraph longs(String name, long... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(INT64).addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        graph.addInitializer(tensor);
        return this;
    }

    /** A scalar of int64. */
    public ExportedGraph index(String name, long value) {
        graph.addInitializer(
                TensorProto.newBuilder().setName(name).setDataType(INT64).addInt64Data(value));
        return this;
    }

    /** A matrix of int64 with one row: 0, 1, 2 and so on, or zeros. */
    public ExportedGraph row(String name, int length, boolean counting) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(INT64)
                .addDims(1)
                .addDims(length);
        for (int place = 0; place < length; place++) {
            tensor.addInt64Data(counting ? place : 0);
        }
        graph.addInitializer(tensor);
        return this;
    }

    /** Drawn weights. */
    public ExportedGraph weights(String name, int... extents) {
        float[] values = new float[Arrays.stream(extents).reduce(1, Math::multiplyExact)];
        for (int element = 0; element < values.length; element++) {
            values[element] = (float) (random.nextGaussian() / 2);
        }
        return weights(name, values, extents);
    }

    /** Given weights. */
    public ExportedGraph weights(String name, float[] values, int... extents) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
        for (int extent : extents) {
            tensor.addDims(extent);
        }
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
        return this;
    }

    /** A node: operator, operands, an arrow, results. */
    public ExportedGraph node(String operator, String wiring, AttributeProto... attributes) {
        String[] sides = wiring.split("->", -1);
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator);
        if (!sides[0].isBlank()) {
            node.addAllInput(List.of(sides[0].strip().split(" ", -1)));
        }
        node.addAllOutput(List.of(sides[1].strip().split(" ", -1))).addAllAttribute(List.of(attributes));
        graph.addNode(node.setName(node.getOutput(0)));
        return this;
    }

    /** {@code Unsqueeze}, with the axes where the operator set wants them. */
    public ExportedGraph unsqueeze(String wiring, long axis) {
        String[] sides = wiring.split("->", -1);
        if (operatorSet < 13) {
            return node("Unsqueeze", wiring, Attributes.integers("axes", axis));
        }
        String axes = sides[1].strip() + ".axes";
        return longs(axes, axis).node("Unsqueeze", sides[0].strip() + " " + axes + " ->" + sides[1]);
    }

    public Path write(Path file) {
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(operatorSet))
                .setGraph(graph)
                .build();
        try {
            return Files.write(file, model.toByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
