package dev.hone.calibrate;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** One run of a model of floats in ONNX Runtime. */
final class OnnxRun {
    private OnnxRun() {}

    /** The value of {@code y} for a matrix {@code x}. */
    static float[] answer(Path file, float[] values, long... shape) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
                OrtSession.Result result = session.run(Map.of("x", input))) {
            OnnxTensor answer = (OnnxTensor) result.get("y").orElseThrow();
            float[] all = new float[answer.getFloatBuffer().remaining()];
            answer.getFloatBuffer().get(all);
            return all;
        }
    }
}
