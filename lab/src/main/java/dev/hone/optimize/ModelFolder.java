package dev.hone.optimize;

import dev.hone.checkpoint.ModelDirectory;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.EngineSession;
import dev.hone.engines.Engines;
import dev.hone.engines.ModelFiles;
import dev.hone.engines.ScratchFolder;
import dev.hone.evaluate.Footprint;
import dev.hone.evaluate.TaskPredictor;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.graph.LayerNames;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.quantize.Calibration;
import dev.hone.quantize.RangeMethod;
import dev.hone.quantize.Scheme;
import dev.hone.session.ArtefactCompiler;
import dev.hone.session.Calibrator;
import dev.hone.session.Encoder;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.OpenedModel;
import dev.hone.session.Session;
import dev.hone.session.SessionOptions;
import dev.hone.session.TokenBatch;
import dev.hone.task.Hone;
import dev.hone.task.TaskConfiguration;
import dev.hone.tokenize.TextTokenizer;
import dev.hone.transform.Pipelines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model on disk, opened in any way. For ONNX Runtime a model without an ONNX file is written as one, once.
 *
 * <p>Files of its own lie in a scratch folder, which goes when it is closed.
 */
public final class ModelFolder implements Search.Model, AutoCloseable {
    private static final double NANOS_PER_MILLI = 1e6;

    private static final Calibrator.Listener UNHEARD = new Calibrator.Listener() {
        @Override
        public void begin(int texts) {
            // A few texts take no time that anybody would follow.
        }

        @Override
        public void ran() {
            // As above.
        }
    };

    private final Path model;
    private final TaskConfiguration configuration;
    private final DataTask task;
    private final int threads;
    private final List<Example> calibrationRows;
    private final ScratchFolder folder;
    private final Path scratch;
    private final Map<Scheme, Calibration> calibrations = new HashMap<>();
    private Optional<Path> onnx = Optional.empty();

    /**
     * How the model is asked.
     *
     * @param configuration what the model's files say of its task
     */
    public record Use(TaskConfiguration configuration, DataTask task, int threads) {}

    /**
     * @param calibrationRows what ranges are found on, where a scheme fixes them
     * @param folder an empty one, which goes when this is closed
     */
    public ModelFolder(Path model, Use use, List<Example> calibrationRows, ScratchFolder folder) {
        this.model = model;
        this.configuration = use.configuration();
        this.task = use.task();
        this.threads = use.threads();
        this.calibrationRows = List.copyOf(calibrationRows);
        this.folder = folder;
        this.scratch = folder.path();
    }

    @Override
    public OpenedWay open(Way way) {
        EngineOptions options =
                new EngineOptions(way.threads().orElse(threads), way.scheme(), calibration(way.scheme()));
        return open(way.engine(), way.isOriginal() ? onnxFile() : model, options);
    }

    /** Opens what {@link #compile} wrote. */
    public OpenedWay openArtefact(Path artefact, Way way) {
        return open(way.engine(), artefact, new EngineOptions(way.threads().orElse(threads), way.scheme()));
    }

    private OpenedWay open(String engine, Path path, EngineOptions options) {
        OptionalLong before = Footprint.residentMemory();
        long start = System.nanoTime();
        TextTokenizer tokenizer = TextTokenizer.open(ModelDirectory.of(model));
        EngineSession session;
        try {
            session = Engines.named(engine).open(path, options);
        } catch (RuntimeException failure) {
            tokenizer.close();
            throw failure;
        }
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        Hone opened = Hone.of(session, tokenizer, configuration);
        boolean embeds = task.kind() == DataTask.Kind.GRADES && TaskPredictor.gradesByCosine(configuration);
        TaskPredictor predictor = TaskPredictor.open(opened, tokenizer, task);
        OptionalLong after = Footprint.residentMemory();
        Long grown = before.isPresent() && after.isPresent() ? after.getAsLong() - before.getAsLong() : null;
        return new OpenedWay(predictor, session, embeds ? opened.embedder() : null, new OpeningCost(millis, grown));
    }

    /** What a scheme with fixed ranges must know of rows: from smallest to largest number on the given ones. */
    private Calibration calibration(Scheme scheme) {
        if (!scheme.needsCalibration()) {
            return Calibration.NONE;
        }
        return calibrations.computeIfAbsent(scheme, _ -> {
            SessionOptions options = SessionOptions.defaults().withThreads(threads);
            List<TokenBatch> batches = batches(options);
            return new Calibrator(
                            model, options.withScheme(scheme), Calibrator.Settings.of(RangeMethod.MINMAX), UNHEARD)
                    .run(batches);
        });
    }

    /** The tokens of the rows, as the task's own preparation makes them. */
    private List<TokenBatch> batches(SessionOptions options) {
        List<TokenBatch> batches = new ArrayList<>();
        try (TaskPredictor predictor = TaskPredictor.open(
                () -> new Recording(Session.open(model, options), batches),
                ModelDirectory.of(model),
                configuration,
                task)) {
            calibrationRows.forEach(row -> predictor.answer(List.of(row)));
        }
        return batches;
    }

    /** Keeps what a model is asked. */
    private record Recording(Encoder encoder, List<TokenBatch> batches) implements Encoder {
        @Override
        public List<String> outputNames() {
            return encoder.outputNames();
        }

        @Override
        public int maximumLength() {
            return encoder.maximumLength();
        }

        @Override
        public EncoderOutputs run(TokenBatch batch) {
            batches.add(batch);
            return encoder.run(batch);
        }

        @Override
        public void close() {
            encoder.close();
        }
    }

    /** The model's own ONNX file, or one that is written for it with the same graph. */
    private Path onnxFile() {
        if (onnx.isEmpty()) {
            onnx = Optional.of(ModelFiles.onnxFile(model, scratch));
        }
        return onnx.get();
    }

    @Override
    public List<String> layers() {
        try (OpenedModel opened = OpenedModel.open(model)) {
            return LayerNames.of(Pipelines.INFERENCE
                            .run(opened.graph(), Optional.empty())
                            .graph())
                    .values()
                    .stream()
                    .filter(name -> name.startsWith("layer.") && !name.endsWith(".attention"))
                    .distinct()
                    .toList();
        }
    }

    @Override
    public long sizeBytes(Way way) {
        if (way.isOriginal()) {
            return Footprint.modelBytes(onnxFile());
        }
        return compiled(way, (_, bytes) -> bytes);
    }

    @Override
    public long memoryBytes(Way way) {
        int team = way.threads().orElse(threads);
        return way.isOriginal()
                ? MemoryProbe.grownBytes(new MemoryProbe.Wanted(way, onnxFile(), team), scratch)
                : compiled(
                        way, (place, _) -> MemoryProbe.grownBytes(new MemoryProbe.Wanted(way, place, team), scratch));
    }

    /** What is to be known of an artefact, by its place and the bytes of its plan. */
    @FunctionalInterface
    private interface Weighing {
        long bytes(Path place, long planBytes);
    }

    private long compiled(Way way, Weighing weighing) {
        Path place = scratch.resolve("weighed");
        try {
            return weighing.bytes(place, compile(way, place, "weighed"));
        } finally {
            ScratchFolder.remove(place);
        }
    }

    /**
     * Compiles the model as it is run in a way.
     *
     * @param place a folder that does not exist yet
     * @return bytes of code, graph and weights
     */
    public long compile(Way way, Path place, String version) {
        List<Isa> here = List.of(Machine.detect().chosenIsa());
        return ArtefactCompiler.compile(model, options(way), here, place, version)
                .planBytes();
    }

    /** How a session of Hone opens the model in a way. */
    public SessionOptions options(Way way) {
        return SessionOptions.defaults()
                .withThreads(way.threads().orElse(threads))
                .withScheme(way.scheme())
                .withCalibration(calibration(way.scheme()));
    }

    @Override
    public void close() {
        folder.close();
    }
}
