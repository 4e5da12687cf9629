package dev.hone.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import dev.hone.calibrate.TokenTexts;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.engines.Engine;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.EngineSession;
import dev.hone.engines.Engines;
import dev.hone.engines.OnnxRuntimeEngine;
import dev.hone.evaluate.Entrant;
import dev.hone.evaluate.Evaluation;
import dev.hone.evaluate.Evaluation.Conditions;
import dev.hone.evaluate.EvaluationResult;
import dev.hone.evaluate.Judge;
import dev.hone.evaluate.TaskPredictor;
import dev.hone.evaluate.TransformVariant;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.measure.Interval;
import dev.hone.measure.Progress;
import dev.hone.measure.RunAverage;
import dev.hone.measure.RunAverage.Gain;
import dev.hone.session.TokenBatch;
import dev.hone.task.TaskConfiguration;
import dev.hone.task.TextInput;
import dev.hone.tokenize.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model under several transforms, each opened by several engines. */
final class VariantModels implements AutoCloseable {
    /** The engines, from the one that leaves a file as it is to the one that changes it most. */
    static final List<String> ENGINES = List.of("onnxruntime as written", "onnxruntime", "hone");

    /** Calls of a model before it is another one's turn: few, so that all have the same of the machine's moods. */
    private static final int TURN_BATCHES = 2;

    private static final String QUESTION = "Where does the encoder run?";
    private static final String CONTEXT = "Every sentence goes through an encoder first. The encoder runs on the "
            + "processor of the computer that holds the texts, and its answer is back within milliseconds.";

    /** One opened file. */
    private record Opened(String engine, TransformVariant variant, EngineSession session) {
        boolean isOriginal() {
            return variant.name().equals(TransformVariant.ORIGINAL);
        }
    }

    /**
     * A score and the time it took.
     *
     * @param sameSteps whether the engine runs the steps of the original, so that there is no gain to measure
     * @param gain the original's time in this engine by this one's, call by call; absent for the original, for the same
     *     steps and where calls were too few
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Scored(
            @JsonUnwrapped EvaluationResult result,
            boolean sameSteps,
            @Nullable Double gain,
            @Nullable Interval gainInterval) {}

    /**
     * The time of a simple question.
     *
     * @param fired places that the transforms changed
     * @param sameSteps whether the engine runs the steps of the original, so that there is nothing to time
     * @param tokens of the question and its context
     * @param gain the original's time in this engine by this one's, turn by turn; absent for the original and where
     *     turns were too few
     * @param gainInterval 95 % interval of the gain
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Asked(
            String engine,
            String transform,
            int fired,
            int nodes,
            boolean sameSteps,
            int tokens,
            int runs,
            @JsonProperty("mean_ms") @Nullable Double mean,
            @JsonProperty("median_ms") @Nullable Double median,
            @JsonProperty("interval_ms") @Nullable Interval interval,
            @Nullable Double gain,
            @Nullable Interval gainInterval) {
        static Asked untimed(String engine, TransformVariant variant, boolean sameSteps, int tokens) {
            return new Asked(
                    engine,
                    variant.name(),
                    variant.fired(),
                    variant.nodes(),
                    sameSteps,
                    tokens,
                    0,
                    null,
                    null,
                    null,
                    null,
                    null);
        }
    }

    private final Path model;
    private final List<TransformVariant> variants;
    private final List<Opened> opened = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private VariantModels(Path model, List<TransformVariant> variants) {
        this.model = model;
        this.variants = variants;
    }

    /**
     * Opens every file that differs from the original with each engine.
     *
     * @param model where the tokenizer lies
     * @throws HoneException of category USAGE for an engine that is none
     */
    static VariantModels open(List<String> engines, List<TransformVariant> variants, Path model, int threads) {
        VariantModels models = new VariantModels(model, variants);
        try {
            for (String name : engines) {
                Engine engine = named(name);
                for (TransformVariant variant : variants) {
                    variant.file().ifPresent(file -> models.open(engine, variant, file, threads));
                }
            }
            return models;
        } catch (RuntimeException failure) {
            models.close();
            throw failure;
        }
    }

    private void open(Engine engine, TransformVariant variant, Path file, int threads) {
        try {
            opened.add(new Opened(engine.name(), variant, engine.open(file, EngineOptions.ofThreads(threads))));
        } catch (HoneException refused) {
            if (variant.name().equals(TransformVariant.ORIGINAL) || refused.category() != Category.UNSUPPORTED) {
                throw refused;
            }
            notes.add(engine.name() + " does not run " + variant.name() + ": " + refused.getMessage());
        }
    }

    /** Which files an engine does not run, and why. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    private static Engine named(String name) {
        if (!ENGINES.contains(name)) {
            throw new HoneException(
                    Category.USAGE,
                    "unknown engine '" + name + "': there are " + String.join(", ", ENGINES)
                            + NearestName.question(name, ENGINES));
        }
        return name.equals(ENGINES.getFirst()) ? OnnxRuntimeEngine.asWritten() : Engines.named(name);
    }

    /** The variants that nothing was changed in, which are not run: they are the original. */
    List<TransformVariant> unchanged() {
        return variants.stream().filter(variant -> variant.file().isEmpty()).toList();
    }

    /** How a result's transform was meant to treat the answers. */
    boolean keepsNumbers(String name) {
        return variants.stream()
                .filter(variant -> variant.name().equals(name))
                .allMatch(TransformVariant::keepsNumbers);
    }

    /** Times all that do other work than their original on a simple question by turns. */
    List<Asked> ask(int runs, Progress progress) {
        TokenBatch question = question();
        List<Opened> timed =
                opened.stream().filter(each -> !runsStepsOfOriginal(each)).toList();
        progress.begin("runs of a question", RunAverage.turns(timed.size(), runs));
        List<RunAverage> averages =
                RunAverage.of(timed.stream().map(Opened::session).toList(), question, runs, progress::step);
        List<Asked> asked = new ArrayList<>();
        for (Opened each : opened) {
            int place = timed.indexOf(each);
            asked.add(
                    place < 0
                            ? Asked.untimed(each.engine(), each.variant(), true, question.rows())
                            : asked(
                                    each,
                                    question.rows(),
                                    averages.get(place),
                                    averages.get(timed.indexOf(original(each)))));
        }
        unchanged().forEach(variant -> asked.add(Asked.untimed("", variant, true, question.rows())));
        return asked;
    }

    /** The original in the same engine. */
    private Opened original(Opened variant) {
        return opened.stream()
                .filter(each -> each.isOriginal() && each.engine().equals(variant.engine()))
                .findFirst()
                .orElseThrow();
    }

    /** Whether an engine makes the same of a changed file as of the original. */
    private boolean runsStepsOfOriginal(Opened variant) {
        List<String> steps = variant.session().steps();
        return !variant.isOriginal()
                && !steps.isEmpty()
                && steps.equals(original(variant).session().steps());
    }

    private TokenBatch question() {
        try (TextTokenizer tokenizer = TextTokenizer.open(ModelDirectory.of(model))) {
            int longest = TaskConfiguration.read(model).maximumLength();
            return TokenTexts.encoded(List.of(TextInput.pair(QUESTION, CONTEXT)), tokenizer, longest)
                    .getFirst();
        }
    }

    private static Asked asked(Opened opened, int tokens, RunAverage average, RunAverage original) {
        Optional<Gain> gain = opened.isOriginal() ? Optional.empty() : average.over(original);
        return new Asked(
                opened.engine(),
                opened.variant().name(),
                opened.variant().fired(),
                opened.variant().nodes(),
                false,
                tokens,
                average.runs(),
                average.mean(),
                average.median(),
                average.interval(),
                gain.map(Gain::ratio).orElse(null),
                gain.map(Gain::interval).orElse(null));
    }

    /** Lets all of them answer questions by turns; the first original is the one that the others are compared with. */
    List<Scored> evaluate(List<Example> questions, int batch, long seed, Progress progress) {
        TaskConfiguration configuration = TaskConfiguration.read(model);
        List<Entrant> entrants = new ArrayList<>();
        try {
            for (Opened each : opened) {
                TaskPredictor predictor = TaskPredictor.open(
                        () -> new BorrowedSession(each.session()),
                        ModelDirectory.of(model),
                        configuration,
                        DataTask.SQUAD2);
                entrants.add(new Entrant(each.engine(), each.variant().name(), predictor));
            }
            Judge judge = Judge.of(DataTask.SQUAD2, configuration);
            Conditions conditions = new Conditions(DataTask.SQUAD2, judge, model, batch, seed);
            Evaluation evaluation = new Evaluation(conditions, entrants, (_, _, _) -> {});
            progress.begin("windows of questions", -1);
            int turn = TURN_BATCHES * batch;
            for (int from = 0; from < questions.size(); from += turn) {
                evaluation.answer(questions.subList(from, Math.min(from + turn, questions.size())), progress::step);
            }
            return scored(evaluation);
        } finally {
            entrants.forEach(entrant -> entrant.predictor().close());
        }
    }

    private List<Scored> scored(Evaluation evaluation) {
        List<EvaluationResult> results = evaluation.results();
        List<double[]> millis = evaluation.callMillis();
        List<Scored> scored = new ArrayList<>();
        for (int index = 0; index < opened.size(); index++) {
            Opened each = opened.get(index);
            boolean same = runsStepsOfOriginal(each);
            Optional<Gain> gain = same || each.isOriginal()
                    ? Optional.empty()
                    : Gain.ofPairs(millis.get(opened.indexOf(original(each))), millis.get(index));
            scored.add(new Scored(
                    results.get(index),
                    same,
                    gain.map(Gain::ratio).orElse(null),
                    gain.map(Gain::interval).orElse(null)));
        }
        return scored;
    }

    @Override
    public void close() {
        opened.forEach(each -> each.session().close());
    }
}
