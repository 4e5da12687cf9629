package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.Engine;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.EngineSession;
import dev.hone.engines.PooledSession;
import dev.hone.measure.Contestant;
import dev.hone.measure.InputShape;
import dev.hone.measure.Latency;
import dev.hone.measure.LatencyBenchmark;
import dev.hone.measure.LatencyBenchmark.Conditions;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.Progress;
import dev.hone.measure.Schedule;
import dev.hone.measure.Statistics;
import dev.hone.measure.ThroughputBenchmark;
import dev.hone.measure.ThroughputBenchmark.Throughput;
import dev.hone.measure.TurnTimer;
import dev.hone.optimize.OptimizeReport.Sample;
import dev.hone.quantize.Precision;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Runs the main job: opens every candidate, checks its answers against the original, and measures all by turns. */
public final class Optimizer {
    private static final int TEXTS_IN_BATCH = 32;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Subject subject;
    private final Settings settings;
    private final Progress progress;

    /**
     * How much is measured.
     *
     * @param threads threads of each engine
     * @param seconds timed seconds of each candidate at each length
     * @param lengths tokens of the single sequence of each latency cell
     * @param passes runs over the whole sample for throughput
     * @param work floating-point operations at a shape
     * @param peak floating-point operations a second that the machine can do, when it was measured
     */
    public record Settings(
            int threads,
            double seconds,
            List<Integer> lengths,
            int passes,
            ToDoubleFunction<InputShape> work,
            OptionalDouble peak) {
        /** Lengths that span what sentence embedders are asked. */
        public static final List<Integer> LENGTHS = List.of(8, 16, 32, 64, 128, 256, 512);

        public Settings {
            lengths = List.copyOf(lengths);
        }
    }

    /** One way to run the model. */
    public record Choice(Engine engine, Precision precision) {}

    private record Opened(Engine engine, Contestant contestant, double openMillis, double firstAnswerMillis) {}

    public Optimizer(Subject subject, Settings settings, Progress progress) {
        this.subject = subject;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Compares ways to run the subject.
     *
     * @param choices the first one is the original that the others are held against
     * @param mostLoss the part of the original's rank correlation that a lower precision may lose and still be chosen;
     * 0
     *     leaves the choice to candidates that answer as the original does
     */
    public OptimizeReport compare(List<Choice> choices, double mostLoss) {
        List<SamplePair> pairs = SamplePair.bundled();
        List<String> texts = SamplePair.texts(pairs);
        int[][] ids = texts.stream().map(subject.tokenizer()).toArray(int[][]::new);
        List<Opened> opened = new ArrayList<>();
        try {
            progress.begin("open", choices.size());
            for (Choice choice : choices) {
                opened.add(open(choice, ids[0]));
                progress.step();
            }
            return report(opened, new Material(pairs, texts, ids), mostLoss);
        } finally {
            opened.forEach(each -> each.contestant().session().close());
        }
    }

    /** The sample in every form that it is used in. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on within one run.
    private record Material(List<SamplePair> pairs, List<String> texts, int[][] ids) {}

    private Opened open(Choice choice, int[] firstText) {
        Engine engine = choice.engine();
        long start = System.nanoTime();
        EngineOptions options = new EngineOptions(settings.threads(), choice.precision());
        EngineSession session = pooled(engine.open(subject.path(), options));
        long open = System.nanoTime();
        session.run(TokenBatch.of(firstText));
        long answered = System.nanoTime();
        Contestant contestant = new Contestant(engine.name(), choice.precision(), session);
        return new Opened(engine, contestant, (open - start) / NANOS_PER_MILLI, (answered - open) / NANOS_PER_MILLI);
    }

    private EngineSession pooled(EngineSession session) {
        if (session.outputNames().contains(PooledSession.EMBEDDING)) {
            return session;
        }
        if (session.outputNames().contains(PooledSession.STATES)) {
            return new PooledSession(session, subject.pooling(), true);
        }
        session.close();
        throw new HoneException(
                Category.UNSUPPORTED,
                subject.path() + ": not a sentence embedder, its outputs are " + session.outputNames());
    }

    private OptimizeReport report(List<Opened> opened, Material material, double mostLoss) {
        List<Contestant> contestants = opened.stream().map(Opened::contestant).toList();
        List<Fidelity> fidelities = fidelities(contestants, material);
        refuseWrongAnswers(contestants, fidelities);
        List<List<Latency>> latencies = latencies(contestants);
        List<List<Throughput>> throughputs = throughputs(contestants, material.ids());
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < opened.size(); i++) {
            Opened each = opened.get(i);
            candidates.add(new Candidate(
                    each.contestant().toString(),
                    each.engine().name(),
                    each.engine().version(),
                    each.contestant().precision().label(),
                    each.openMillis(),
                    each.firstAnswerMillis(),
                    fidelities.get(i),
                    latencies.get(i),
                    throughputs.get(i)));
        }
        Map<String, String> versions = new LinkedHashMap<>();
        opened.forEach(each -> versions.put(each.engine().name(), each.engine().version()));
        return new OptimizeReport(
                subject.name(),
                MachineRecord.here(versions),
                settings.threads(),
                sample(material.pairs(), material.ids()),
                candidates,
                OptimizeReport.choose(candidates, mostLoss));
    }

    /** Times of wrong answers mean nothing, so none are taken. */
    private static void refuseWrongAnswers(List<Contestant> contestants, List<Fidelity> fidelities) {
        for (int i = 0; i < fidelities.size(); i++) {
            Fidelity fidelity = fidelities.get(i);
            boolean single = contestants.get(i).precision() == Precision.F32;
            if (single ? !fidelity.isFaithful() : !fidelity.isSane()) {
                throw new HoneException(
                        Category.MACHINE,
                        "answers differ on the sample: " + contestants.get(i) + " has worst cosine "
                                + fidelity.worstCosine() + " and largest relative difference "
                                + fidelity.largestRelative() + " from " + contestants.getFirst()
                                + "; no times are reported for wrong answers");
            }
        }
    }

    private static Sample sample(List<SamplePair> pairs, int[][] ids) {
        double[] lengths = Arrays.stream(ids).mapToDouble(text -> text.length).toArray();
        return new Sample(
                pairs.size(), ids.length, (int) Arrays.stream(lengths).sum(), Statistics.median(lengths), (int)
                        Statistics.quantile(lengths, 1));
    }

    private List<Fidelity> fidelities(List<Contestant> contestants, Material material) {
        progress.begin("compare answers", contestants.size());
        List<Map<String, float[]>> embeddings = new ArrayList<>();
        for (Contestant contestant : contestants) {
            embeddings.add(embed(contestant.session(), material.texts(), material.ids()));
            progress.step();
        }
        return embeddings.stream()
                .map(each -> Fidelity.of(material.pairs(), embeddings.getFirst(), each))
                .toList();
    }

    /** Embeddings by text, in the order of the texts; texts of like length run together, because padding costs time. */
    private static Map<String, float[]> embed(EngineSession session, List<String> texts, int[][] ids) {
        List<Integer> order = IntStream.range(0, ids.length)
                .boxed()
                .sorted(Comparator.comparingInt(text -> ids[text].length))
                .toList();
        float[][] vectors = new float[ids.length][];
        for (int from = 0; from < ids.length; from += TEXTS_IN_BATCH) {
            List<Integer> batch = order.subList(from, Math.min(ids.length, from + TEXTS_IN_BATCH));
            int[][] rows = batch.stream().map(text -> ids[text]).toArray(int[][]::new);
            Output output = session.run(TokenBatch.of(rows)).get(PooledSession.EMBEDDING);
            for (int row = 0; row < rows.length; row++) {
                int at = row * output.width();
                vectors[batch.get(row)] = Arrays.copyOfRange(output.values(), at, at + output.width());
            }
        }
        Map<String, float[]> embeddings = new LinkedHashMap<>();
        for (int text = 0; text < ids.length; text++) {
            embeddings.put(texts.get(text), vectors[text]);
        }
        return embeddings;
    }

    private List<List<Latency>> latencies(List<Contestant> contestants) {
        Conditions conditions =
                new Conditions(settings.threads(), subject.vocabulary(), settings.work(), settings.peak());
        TurnTimer timer = new TurnTimer(Schedule.ofSeconds(settings.seconds()));
        LatencyBenchmark benchmark = new LatencyBenchmark(contestants, conditions, timer);
        progress.begin("latency", benchmark.turns() * settings.lengths().size());
        List<List<Latency>> results = perContestant(contestants);
        for (int length : settings.lengths()) {
            append(results, benchmark.measure(new InputShape(1, length), progress::step));
        }
        return results;
    }

    private List<List<Throughput>> throughputs(List<Contestant> contestants, int[][] ids) {
        TurnTimer timer = new TurnTimer(Schedule.ofSingleCalls(settings.passes()));
        ThroughputBenchmark benchmark = new ThroughputBenchmark(contestants, timer);
        progress.begin("throughput", 2 * benchmark.turns());
        List<List<Throughput>> results = perContestant(contestants);
        append(results, benchmark.inGivenOrder(ids, TEXTS_IN_BATCH, progress::step));
        append(results, benchmark.sortedByLength(ids, TEXTS_IN_BATCH, progress::step));
        return results;
    }

    private static <T> List<List<T>> perContestant(List<Contestant> contestants) {
        List<List<T>> lists = new ArrayList<>();
        contestants.forEach(contestant -> lists.add(new ArrayList<>()));
        return lists;
    }

    private static <T> void append(List<List<T>> results, List<T> row) {
        for (int i = 0; i < row.size(); i++) {
            results.get(i).add(row.get(i));
        }
    }
}
