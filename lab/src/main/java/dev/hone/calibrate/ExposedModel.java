package dev.hone.calibrate;

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
import dev.hone.checkpoint.OnnxOutput;
import dev.hone.engines.OnnxRuntimeEnvironment;
import dev.hone.engines.ScratchFolder;
import dev.hone.onnx.EditableModel;
import dev.hone.session.TokenBatch;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A model in ONNX Runtime with values from its inside among its outputs, of which each run asks for some. */
final class ExposedModel implements AutoCloseable {
    private final Path file;
    private final ScratchFolder folder;
    private final OrtSession session;
    private final Set<String> values;

    private ExposedModel(Path file, ScratchFolder folder, OrtSession session, Set<String> values) {
        this.file = file;
        this.folder = folder;
        this.session = session;
        this.values = values;
    }

    /**
     * Opens a copy of a model, which lies in a scratch folder until this is closed.
     *
     * @param source gets the values among its outputs
     * @param values names; those that are no tensors of f32 are left out
     */
    static ExposedModel open(EditableModel source, Set<String> values, int threads) {
        Path original = source.file();
        ScratchFolder folder = ScratchFolder.open();
        try {
            Path copy = folder.path().resolve("exposed.onnx");
            values.stream()
                    .filter(value -> !source.isOutput(value))
                    .forEach(value -> source.addOutput(
                            ValueInfoProto.newBuilder().setName(value).build()));
            source.save(copy, OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
            OrtSession session = session(copy, threads);
            return new ExposedModel(original, folder, session, floats(session, values));
        } catch (OrtException refused) {
            folder.close();
            throw new HoneException(
                    Category.CHECKPOINT,
                    original + ": ONNX Runtime does not load it with more outputs: " + refused.getMessage(),
                    refused);
        } catch (RuntimeException failure) {
            folder.close();
            throw failure;
        }
    }

    private static Set<String> floats(OrtSession session, Set<String> values) throws OrtException {
        Set<String> floats = new LinkedHashSet<>();
        for (NodeInfo output : session.getOutputInfo().values()) {
            boolean isFloat = output.getInfo() instanceof TensorInfo tensor && tensor.type == OnnxJavaType.FLOAT;
            if (isFloat && values.contains(output.getName())) {
                floats.add(output.getName());
            }
        }
        return floats;
    }

    private static OrtSession session(Path copy, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            return OnnxRuntimeEnvironment.get().createSession(copy.toString(), options);
        }
    }

    /** The bytes of each value for a text, extrapolated from two short pieces of it so that no run is large. */
    Map<String, Long> bytes(TokenBatch text) {
        int length = text.rows();
        int piece = Math.min(length, 8);
        int half = Math.max(1, piece / 2);
        Map<String, Long> whole = sizes(text, piece);
        Map<String, Long> part = sizes(text, half);
        Map<String, Long> bytes = new TreeMap<>();
        whole.forEach((value, size) -> {
            double growth = (double) size / Math.max(1, part.getOrDefault(value, size));
            double power = piece == half ? 0 : Math.log(growth) / Math.log((double) piece / half);
            bytes.put(value, (long) Math.ceil(size * Math.pow((double) length / piece, power)));
        });
        return bytes;
    }

    private Map<String, Long> sizes(TokenBatch text, int length) {
        TokenBatch piece = new TokenBatch(
                new int[][] {Arrays.copyOf(text.ids()[0], length)},
                new int[][] {Arrays.copyOf(text.types()[0], length)});
        Map<String, Long> sizes = new TreeMap<>();
        run(piece, values, (value, numbers) -> sizes.put(value, (long) numbers.remaining() * Float.BYTES));
        return sizes;
    }

    /** Runs one text, and hands over the numbers of values, which are valid until the receiver returns. */
    void run(TokenBatch text, Set<String> wanted, BiConsumer<String, FloatBuffer> receiver) {
        Map<String, OnnxTensor> feed = new LinkedHashMap<>();
        try {
            for (NodeInfo input : session.getInputInfo().values()) {
                feed.put(input.getName(), tensor(input, text));
            }
            try (OrtSession.Result result = session.run(feed, wanted)) {
                for (String value : wanted) {
                    if (result.get(value).orElseThrow() instanceof OnnxTensor tensor) {
                        receiver.accept(value, tensor.getFloatBuffer());
                    }
                }
            }
        } catch (OrtException refused) {
            throw new HoneException(
                    Category.INPUT,
                    file + ": ONNX Runtime refused a text for calibration: " + refused.getMessage(),
                    refused);
        } finally {
            feed.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(NodeInfo input, TokenBatch text) throws OrtException {
        int[] ones = new int[text.rows()];
        Arrays.fill(ones, 1);
        int[] content = switch (input.getName()) {
            case "input_ids" -> text.ids()[0];
            case "token_type_ids" -> text.types()[0];
            case "attention_mask" -> ones;
            default ->
                throw new HoneException(
                        Category.UNSUPPORTED,
                        file + ": input '" + input.getName() + "' is not known, so no text can be run for calibration");
        };
        long[] shape = {1, content.length};
        boolean narrow = input.getInfo() instanceof TensorInfo tensor && tensor.type == OnnxJavaType.INT32;
        OrtEnvironment environment = OnnxRuntimeEnvironment.get();
        return narrow
                ? OnnxTensor.createTensor(environment, IntBuffer.wrap(content), shape)
                : OnnxTensor.createTensor(
                        environment,
                        LongBuffer.wrap(Arrays.stream(content).asLongStream().toArray()),
                        shape);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException failure) {
            throw new IllegalStateException("ONNX Runtime could not close its session", failure);
        } finally {
            folder.close();
        }
    }
}
