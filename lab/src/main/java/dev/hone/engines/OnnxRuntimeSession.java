package dev.hone.engines;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** One model in ONNX Runtime: padded on the way in, ragged again on the way out. */
final class OnnxRuntimeSession implements EngineSession {
    private static final Set<String> FED = Set.of("input_ids", "attention_mask", "token_type_ids");
    private static final Set<String> PER_TOKEN = Set.of("start_logits", "end_logits", "last_hidden_state");

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ModelFiles files;
    private final Map<String, OnnxJavaType> inputs;
    private final List<String> outputs;
    private final Map<String, Boolean> perToken;
    /** Runs share it; closing waits for them, because a native session must not vanish under a run. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    OnnxRuntimeSession(OrtEnvironment environment, OrtSession session, ModelFiles files) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.files = files;
        this.inputs = new LinkedHashMap<>();
        for (NodeInfo input : session.getInputInfo().values()) {
            inputs.put(input.getName(), inputType(input, files));
        }
        this.perToken = new LinkedHashMap<>();
        for (NodeInfo output : session.getOutputInfo().values()) {
            if (output.getInfo() instanceof TensorInfo tensor && tensor.type == OnnxJavaType.FLOAT) {
                perToken.put(output.getName(), isPerToken(output.getName(), tensor.getShape()));
            }
        }
        this.outputs = List.copyOf(perToken.keySet());
        if (outputs.isEmpty()) {
            throw new HoneException(Category.UNSUPPORTED, files.onnx() + ": no output of 32-bit floats");
        }
    }

    private static OnnxJavaType inputType(NodeInfo input, ModelFiles files) {
        if (!FED.contains(input.getName())) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    files.onnx() + ": input '" + input.getName() + "' is not one of "
                            + FED.stream().sorted().toList());
        }
        if (input.getInfo() instanceof TensorInfo tensor
                && (tensor.type == OnnxJavaType.INT64 || tensor.type == OnnxJavaType.INT32)) {
            return tensor.type;
        }
        throw new HoneException(
                Category.UNSUPPORTED, files.onnx() + ": input '" + input.getName() + "' is neither int64 nor int32");
    }

    /** Rank 3 has a row for each token; of rank 2 only what is as wide as the sequence is long, a free dimension. */
    private static boolean isPerToken(String name, long[] shape) {
        return shape.length == 3
                || PER_TOKEN.contains(name)
                || (shape.length == 2
                        && shape[1] < 0
                        && !name.equals("pooler_output")
                        && !name.equals("sentence_embedding")
                        && !name.equals("logits"));
    }

    @Override
    public List<String> outputNames() {
        return outputs;
    }

    @Override
    public int maximumLength() {
        return files.maximumLength();
    }

    @Override
    public EncoderOutputs run(TokenBatch batch) {
        PaddedBatch padded = checked(batch);
        open.readLock().lock();
        try {
            ensureOpen();
            Map<String, OnnxTensor> feed = feed(padded);
            try (OrtSession.Result result = session.run(feed, Set.copyOf(outputs))) {
                return collect(result, padded);
            } finally {
                feed.values().forEach(OnnxTensor::close);
            }
        } catch (OrtException refused) {
            throw runFailure(refused);
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public PreparedCall prepare(TokenBatch batch) {
        PaddedBatch padded = checked(batch);
        open.readLock().lock();
        try {
            ensureOpen();
            return new FedCall(feed(padded));
        } catch (OrtException refused) {
            throw runFailure(refused);
        } finally {
            open.readLock().unlock();
        }
    }

    private final class FedCall implements PreparedCall {
        private final Map<String, OnnxTensor> feed;
        private final Set<String> wanted = Set.copyOf(outputs);

        FedCall(Map<String, OnnxTensor> feed) {
            this.feed = feed;
        }

        @Override
        public void run() {
            open.readLock().lock();
            try {
                ensureOpen();
                session.run(feed, wanted).close();
            } catch (OrtException refused) {
                throw runFailure(refused);
            } finally {
                open.readLock().unlock();
            }
        }

        @Override
        public void close() {
            feed.values().forEach(OnnxTensor::close);
        }
    }

    private PaddedBatch checked(TokenBatch batch) {
        if (batch.size() == 0) {
            throw new HoneException(Category.INPUT, "empty batch: give at least one sequence");
        }
        PaddedBatch padded = PaddedBatch.of(batch);
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            int length = padded.lengths()[sequence];
            if (length == 0 || length > maximumLength()) {
                throw new HoneException(
                        Category.INPUT,
                        "sequence " + sequence + " has " + length + " tokens: the model takes 1 to " + maximumLength());
            }
        }
        return padded;
    }

    private void ensureOpen() {
        if (closed) {
            throw new HoneException(Category.CLOSED, files.onnx() + ": this session was closed; open the model again");
        }
    }

    private HoneException runFailure(OrtException refused) {
        return new HoneException(
                Category.INPUT, files.onnx() + ": ONNX Runtime refused the batch: " + refused.getMessage(), refused);
    }

    private Map<String, OnnxTensor> feed(PaddedBatch padded) throws OrtException {
        Map<String, OnnxTensor> feed = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxJavaType> input : inputs.entrySet()) {
            int[] values = switch (input.getKey()) {
                case "input_ids" -> padded.fill(padded.batch().ids(), files.padding());
                case "token_type_ids" -> padded.fill(padded.batch().types(), 0);
                default -> padded.mask();
            };
            feed.put(input.getKey(), tensor(values, padded.shape(), input.getValue()));
        }
        return feed;
    }

    /** Direct buffers in native order are used in place; anything else would be copied once more. */
    private OnnxTensor tensor(int[] values, long[] shape, OnnxJavaType type) throws OrtException {
        if (type == OnnxJavaType.INT32) {
            IntBuffer buffer = direct(values.length * (long) Integer.BYTES).asIntBuffer();
            return OnnxTensor.createTensor(environment, buffer.put(values).rewind(), shape);
        }
        LongBuffer buffer = direct(values.length * (long) Long.BYTES).asLongBuffer();
        for (int value : values) {
            buffer.put(value);
        }
        return OnnxTensor.createTensor(environment, buffer.rewind(), shape);
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    private EncoderOutputs collect(OrtSession.Result result, PaddedBatch padded) {
        Map<String, Output> byName = new LinkedHashMap<>();
        for (String name : outputs) {
            if (!(result.get(name).orElseThrow() instanceof OnnxTensor tensor)) {
                throw new IllegalStateException("output " + name + " is not a tensor");
            }
            byName.put(name, ragged(name, tensor, padded));
        }
        return new EncoderOutputs(byName);
    }

    private Output ragged(String name, OnnxTensor tensor, PaddedBatch padded) {
        FloatBuffer values = tensor.getFloatBuffer();
        int sequences = padded.lengths().length;
        boolean tokens = Boolean.TRUE.equals(perToken.get(name));
        int rowsBefore = tokens ? sequences * padded.longest() : sequences;
        if (values.remaining() == 0 || values.remaining() % rowsBefore != 0) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    files.onnx() + ": output '" + name + "' has " + values.remaining() + " values for " + rowsBefore
                            + (tokens ? " tokens" : " sequences"));
        }
        int width = values.remaining() / rowsBefore;
        float[] rows = new float[(tokens ? padded.rows() : sequences) * width];
        if (!tokens) {
            values.get(rows);
            return new Output(false, width, rows);
        }
        int at = 0;
        for (int sequence = 0; sequence < sequences; sequence++) {
            int count = padded.lengths()[sequence] * width;
            values.get(sequence * padded.longest() * width, rows, at, count);
            at += count;
        }
        return new Output(true, width, rows);
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException failure) {
            throw new IllegalStateException("ONNX Runtime could not close its session", failure);
        } finally {
            open.writeLock().unlock();
        }
    }
}
