package dev.hone.engines;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.onnx.EditableModel;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * How far the answers of two ONNX files are from each other in ONNX Runtime, on drawn inputs of several shapes.
 *
 * @param values how many numbers were compared
 * @param largest the largest difference, relative to the largest answer of that output where that exceeds 1
 * @param where the output and the shape with the largest difference
 */
public record OnnxAgreement(long values, double largest, String where) {
    private static final int[][] SHAPES = {{1, 1}, {2, 7}, {1, 16}, {3, 12}};

    /**
     * Runs both.
     *
     * @param padded whether some sequences are shorter than the longest, with padding behind them
     * @throws HoneException of category CHECKPOINT when ONNX Runtime refuses one of them
     */
    public static OnnxAgreement of(Path original, Path changed, boolean padded) {
        try (EditableModel model = EditableModel.open(original);
                OrtSession first = open(original);
                OrtSession second = open(changed)) {
            OnnxAgreement worst = new OnnxAgreement(0, 0, "no output");
            for (int[] shape : SHAPES) {
                SampleInputs inputs = new SampleInputs(model, shape[0], shape[1], padded);
                worst = worst.and(compare(first, second, inputs));
            }
            return worst;
        } catch (OrtException refused) {
            throw new HoneException(
                    Category.CHECKPOINT, changed + ": ONNX Runtime refuses it: " + refused.getMessage(), refused);
        }
    }

    private OnnxAgreement and(OnnxAgreement other) {
        // A difference that is no number is worse than any number.
        boolean worse = Double.isNaN(other.largest) || other.largest >= largest;
        return new OnnxAgreement(values + other.values, worse ? other.largest : largest, worse ? other.where : where);
    }

    private static OrtSession open(Path file) throws OrtException {
        try (SessionOptions settings = new SessionOptions()) {
            settings.setOptimizationLevel(SessionOptions.OptLevel.BASIC_OPT);
            settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return OnnxRuntimeEnvironment.get().createSession(file.toString(), settings);
        }
    }

    private static OnnxAgreement compare(OrtSession first, OrtSession second, SampleInputs inputs) throws OrtException {
        Map<String, OnnxTensor> feed = inputs.tensors(first);
        Set<String> outputs = first.getOutputNames();
        OnnxAgreement worst = new OnnxAgreement(0, 0, "no output");
        try (OrtSession.Result left = first.run(feed, outputs);
                OrtSession.Result right = second.run(feed, outputs)) {
            for (String output : outputs) {
                worst = worst.and(
                        compare(floats(left, output), floats(right, output), output + " of " + inputs.description()));
            }
        } finally {
            feed.values().forEach(OnnxTensor::close);
        }
        return worst;
    }

    private static float[] floats(OrtSession.Result result, String output) throws OrtException {
        if (!(result.get(output).orElseThrow() instanceof OnnxTensor tensor)) {
            throw new HoneException(Category.UNSUPPORTED, "output " + output + " is no tensor; give --no-check");
        }
        FloatBuffer buffer = tensor.getFloatBuffer();
        if (buffer == null) {
            throw new HoneException(
                    Category.UNSUPPORTED, "output " + output + " holds no floats to compare; give --no-check");
        }
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static OnnxAgreement compare(float[] first, float[] second, String where) {
        if (first.length != second.length) {
            return new OnnxAgreement(first.length, Double.POSITIVE_INFINITY, where);
        }
        double magnitude = 1;
        double difference = 0;
        for (int index = 0; index < first.length; index++) {
            magnitude = Math.max(magnitude, Math.abs(first[index]));
            boolean same = Float.compare(first[index], second[index]) == 0;
            double distance = same ? 0 : Math.abs((double) first[index] - second[index]);
            difference = Double.isNaN(distance) ? distance : Math.max(difference, distance);
        }
        return new OnnxAgreement(first.length, difference / magnitude, where);
    }
}
