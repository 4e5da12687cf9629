package dev.hone.session;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.artefact.Artefact;
import dev.hone.graph.Graph;
import dev.hone.kernel.LinearSchedules;
import dev.hone.machine.Isa;
import dev.hone.runtime.Lowering;
import dev.hone.runtime.Plan;
import dev.hone.runtime.PlanOutput;
import dev.hone.runtime.PlanSource;
import dev.hone.runtime.PlanStep;
import dev.hone.runtime.RunProfile;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.transform.DeadCode;
import dev.hone.transform.Pipeline;
import dev.hone.transform.Pipelines;
import dev.hone.transform.TransformReport;
import dev.hone.tune.TuningTask;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model compiled for this computer: opened, fused, brought to a precision, compiled, ready to run.
 *
 * <p>Safe for concurrent calls, which take turns. {@link #close()} waits for the call in progress.
 */
public final class Session implements Encoder {
    private final OpenedModel model;
    private final Plan plan;
    private final Graph graph;
    private final TransformReport report;

    private Session(OpenedModel model, Plan plan, Graph graph, TransformReport report) {
        this.model = model;
        this.plan = plan;
        this.graph = graph;
        this.report = report;
    }

    /**
     * Opens a model: compiles it, or maps what {@link ArtefactCompiler} wrote, which needs no compiler and has the one
     * precision that {@link ArtefactFacts} tells.
     *
     * @param path a directory in the layout of Hugging Face, an ONNX file or an artefact
     * @throws HoneException of category CHECKPOINT when the model cannot be read, UNSUPPORTED when it holds something
     *     that has no kernel, MACHINE when this computer cannot compile it, USAGE when the scheme names a layer that
     *     the model does not have
     */
    public static Session open(Path path, SessionOptions options) {
        return Artefact.isAt(path) ? openArtefact(path, options, false) : compile(path, options);
    }

    /** Opens a model as {@link #open} does, but an artefact in the precision that it has. */
    public static Session openAsCompiled(Path path, SessionOptions options) {
        return Artefact.isAt(path) ? openArtefact(path, options, true) : compile(path, options);
    }

    private static Session openArtefact(Path path, SessionOptions options, boolean anyScheme) {
        Artefact artefact = Artefact.open(path);
        if (!anyScheme && !options.scheme().toString().equals(artefact.precision())) {
            artefact.close();
            throw new HoneException(
                    Category.USAGE,
                    path + ": it was compiled with precision " + artefact.precision() + ", not " + options.scheme());
        }
        Artefact.Opened opened =
                artefact.bind(options.isa(), options.threads(), graph -> select(graph, options.outputs()));
        OpenedModel model = new OpenedModel(opened.graph(), List.of(artefact.note()), () -> {});
        return new Session(model, opened.plan(), opened.graph(), new TransformReport("artefact", List.of()));
    }

    private static Session compile(Path path, SessionOptions options) {
        OpenedModel model = OpenedModel.open(path);
        try {
            Pipeline.Result fused = fuse(model, options);
            Plan plan = PlanCompiler.compile(fused.graph(), options);
            return new Session(model, plan, fused.graph(), fused.report());
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
    }

    /**
     * The distinct linear layers that a model runs for each token, to be tuned.
     *
     * @throws HoneException as {@link #open} does
     */
    public static List<TuningTask> tuningTasks(Path path, SessionOptions options) {
        try (OpenedModel model = OpenedModel.open(path)) {
            PlanSource source = Lowering.lower(fuse(model, options).graph(), options.isa(), LinearSchedules.USUAL);
            return source.linearProblems().entrySet().stream()
                    .map(entry -> new TuningTask(entry.getKey(), entry.getValue()))
                    .toList();
        }
    }

    private static Pipeline.Result fuse(OpenedModel model, SessionOptions options) {
        return fuse(model, options, options.isa());
    }

    /**
     * The outputs that are wanted, fused and in the precision of the options.
     *
     * @param isa what it is to run with, whatever this computer has
     */
    static Pipeline.Result fuse(OpenedModel model, SessionOptions options, Isa isa) {
        Graph wanted = select(model.graph(), options.outputs());
        boolean bfloatProducts = isa.hasBfloatProducts() && !options.portable();
        Pipeline passes = options.scheme().after(Pipelines.INFERENCE, bfloatProducts, options.calibration());
        return passes.run(wanted, options.dump());
    }

    /** The part of a graph that makes some outputs; all of it for none. */
    static Graph select(Graph graph, List<String> outputs) {
        if (outputs.isEmpty()) {
            return graph;
        }
        for (String name : outputs) {
            if (!graph.outputs().containsKey(name)) {
                throw new HoneException(
                        Category.USAGE,
                        "the model has no output " + name + "; it has "
                                + graph.outputs().keySet());
            }
        }
        return DeadCode.keepOutputs(graph, outputs);
    }

    /** The fused graph that was compiled, in the precision that was asked for. */
    public Graph graph() {
        return graph;
    }

    /** What the passes did. */
    public TransformReport report() {
        return report;
    }

    /** What reading the files changed or left unused, in sentences; empty where nothing did. */
    public List<String> notes() {
        return model.notes();
    }

    @Override
    public List<String> outputNames() {
        return plan.outputs().stream().map(PlanOutput::name).toList();
    }

    @Override
    public int maximumLength() {
        return plan.limits().maximumLength();
    }

    @Override
    public EncoderOutputs run(TokenBatch batch) {
        float[][] answers = plan.run(batch.ids(), batch.types());
        Map<String, Output> byName = new LinkedHashMap<>();
        for (int index = 0; index < answers.length; index++) {
            PlanOutput output = plan.outputs().get(index);
            byName.put(output.name(), new Output(output.perToken(), output.width(), answers[index]));
        }
        return new EncoderOutputs(byName);
    }

    /** What a run does, step after step. */
    public List<PlanStep> steps() {
        return plan.steps();
    }

    /**
     * Runs a batch and tells when each thread began and ended each of {@link #steps}; the answers are dropped.
     *
     * @throws HoneException of category INPUT when the batch does not fit the model
     */
    public RunProfile profile(TokenBatch batch) {
        return plan.profile(batch.ids(), batch.types());
    }

    @Override
    public void close() {
        plan.close();
        model.close();
    }
}
