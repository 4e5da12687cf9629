package dev.hone.engines;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import java.nio.file.Path;

/**
 * ONNX Runtime on the CPU as its own guides advise it for latency: all graph optimisations, one pool of as many threads
 * as Hone gets, nodes one after another.
 */
public final class OnnxRuntimeEngine implements Engine {
    public static final String NAME = "onnxruntime";

    private final String name;
    private final OptLevel level;

    public OnnxRuntimeEngine() {
        this(NAME, OptLevel.ALL_OPT);
    }

    private OnnxRuntimeEngine(String name, OptLevel level) {
        this.name = name;
        this.level = level;
    }

    /** One that runs a file's nodes as they stand, without optimising the graph: it shows what a file itself costs. */
    public static OnnxRuntimeEngine asWritten() {
        return new OnnxRuntimeEngine(NAME + " as written", OptLevel.NO_OPT);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return OnnxRuntimeEnvironment.get().getVersion();
    }

    @Override
    public EngineSession open(Path model, EngineOptions options) {
        if (!options.scheme().equals(Scheme.of(Precision.F32))) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    "engine " + NAME + " runs models in f32 only, not in " + options.scheme()
                            + "; use the engine hone for it");
        }
        ModelFiles files = ModelFiles.find(model);
        try (SessionOptions settings = settings(options.threads(), level)) {
            // By path, so that weights stored outside the file are found beside it.
            OrtEnvironment environment = OnnxRuntimeEnvironment.get();
            OrtSession session = environment.createSession(files.onnx().toString(), settings);
            return new OnnxRuntimeSession(environment, session, files);
        } catch (OrtException refused) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    files.onnx() + ": ONNX Runtime cannot load this file: " + refused.getMessage(),
                    refused);
        }
    }

    private static SessionOptions settings(int threads, OptLevel level) throws OrtException {
        SessionOptions settings = new SessionOptions();
        settings.setOptimizationLevel(level);
        settings.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        settings.setIntraOpNumThreads(threads);
        settings.setInterOpNumThreads(1);
        settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        return settings;
    }
}
