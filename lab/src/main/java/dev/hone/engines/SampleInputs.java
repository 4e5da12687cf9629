package dev.hone.engines;

import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Drawn inputs for an ONNX file: ids within the tables that they index, masks of ones and, where padded, zeros. */
final class SampleInputs {
    private static final long SEED = 20;

    private final EditableModel model;
    private final int batch;
    private final int length;
    private final boolean padded;

    SampleInputs(EditableModel model, int batch, int length, boolean padded) {
        this.model = model;
        this.batch = batch;
        this.length = length;
        this.padded = padded;
    }

    String description() {
        return batch + "x" + length;
    }

    /** A tensor for each input, to be closed by the caller. */
    Map<String, OnnxTensor> tensors(OrtSession session) throws OrtException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        SplittableRandom random = new SplittableRandom(SEED);
        for (ValueInfoProto input : model.inputs()) {
            NodeInfo node = session.getInputInfo().get(input.getName());
            if (node == null || !(node.getInfo() instanceof TensorInfo info)) {
                throw new HoneException(Category.UNSUPPORTED, "input " + input.getName() + " is no tensor");
            }
            long[] shape = shape(input);
            double[] values = values(input.getName(), shape, info.type, random.split());
            tensors.put(input.getName(), tensor(values, shape, info.type, input.getName()));
        }
        return tensors;
    }

    /** Free extents: the first is the batch, all others the length. */
    private long[] shape(ValueInfoProto input) {
        List<Dimension> dimensions = input.getType().getTensorType().getShape().getDimList();
        long[] shape = new long[dimensions.size()];
        for (int axis = 0; axis < shape.length; axis++) {
            Dimension dimension = dimensions.get(axis);
            shape[axis] = dimension.hasDimValue() && dimension.getDimValue() > 0
                    ? dimension.getDimValue()
                    : axis == 0 ? batch : length;
        }
        return shape;
    }

    private double[] values(String name, long[] shape, OnnxJavaType type, SplittableRandom random) {
        int count = 1;
        for (long extent : shape) {
            count = Math.multiplyExact(count, Math.toIntExact(extent));
        }
        int width = shape.length == 0 ? 1 : (int) shape[shape.length - 1];
        String lower = name.toLowerCase(Locale.ROOT);
        long rows = rowsOfTables(name);
        long limit = rows == Long.MAX_VALUE ? 2 : rows;
        double[] values = new double[count];
        for (int index = 0; index < count; index++) {
            int place = index % width;
            if (lower.contains("mask")) {
                values[index] = place < tokens(index / width, width) ? 1 : 0;
            } else if (lower.contains("position")) {
                values[index] = place;
            } else if (type == OnnxJavaType.FLOAT) {
                values[index] = random.nextGaussian();
            } else {
                values[index] = random.nextLong(limit);
            }
        }
        return values;
    }

    private int tokens(int sequence, int width) {
        return padded ? Math.max(1, width - 2 * sequence) : width;
    }

    /** The rows of the smallest table that the ids index, directly or as another integer type. */
    private long rowsOfTables(String ids) {
        long limit = Long.MAX_VALUE;
        for (EditableNode reader : model.readers(ids)) {
            if (reader.is("Cast")) {
                limit = Math.min(limit, rowsOfTables(reader.output()));
            } else if (reader.is("Gather") && reader.input(1).equals(ids)) {
                limit = Math.min(
                        limit,
                        model.constant(reader.input(0))
                                .map(table -> table.shape().dim(0).value())
                                .orElse(Long.MAX_VALUE));
            }
        }
        return limit;
    }

    private static OnnxTensor tensor(double[] values, long[] shape, OnnxJavaType type, String name)
            throws OrtException {
        OrtEnvironment environment = OnnxRuntimeEnvironment.get();
        return switch (type) {
            case INT64 ->
                OnnxTensor.createTensor(
                        environment,
                        LongBuffer.wrap(Arrays.stream(values)
                                .mapToLong(value -> (long) value)
                                .toArray()),
                        shape);
            case INT32 ->
                OnnxTensor.createTensor(
                        environment,
                        IntBuffer.wrap(Arrays.stream(values)
                                .mapToInt(value -> (int) value)
                                .toArray()),
                        shape);
            case FLOAT -> OnnxTensor.createTensor(environment, floats(values), shape);
            default ->
                throw new HoneException(
                        Category.UNSUPPORTED,
                        "input " + name + " of type " + type + " cannot be drawn; give --no-check");
        };
    }

    private static FloatBuffer floats(double[] values) {
        FloatBuffer buffer = FloatBuffer.allocate(values.length);
        for (double value : values) {
            buffer.put((float) value);
        }
        return buffer.rewind();
    }
}
