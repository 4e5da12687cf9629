package dev.hone.cli;

import dev.hone.engines.EngineSession.PreparedCall;
import dev.hone.measure.InputShape;
import dev.hone.measure.Progress;
import dev.hone.measure.Schedule;
import dev.hone.measure.Summary;
import dev.hone.measure.TurnTimer;
import dev.hone.measure.TurnTimer.Turn;
import dev.hone.optimize.ModelFolder;
import dev.hone.optimize.OpenedWay;
import dev.hone.optimize.Way;
import dev.hone.profile.ModelProfile;
import dev.hone.profile.Profiler;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import dev.hone.report.Fact;
import dev.hone.report.GraphPicture;
import dev.hone.report.LatencyPoint;
import dev.hone.report.OperatorTimes;
import dev.hone.report.PassOutcome;
import dev.hone.session.OpenedModel;
import dev.hone.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A closer look at the choice of a search beside the original, for the page: latency over length by turns, where the
 * time goes in single precision and in the choice, and their graphs.
 */
final class ChosenModel {
    private static final Way SINGLE = Way.of(Scheme.of(Precision.F32));
    private static final int[] LENGTHS = {8, 16, 32, 64, 128};
    private static final int ROUNDS = 5;
    private static final double NANOS = 1e9;
    private static final long SEED = 20_240_607L;

    private final Path model;
    private final int threads;
    private final int vocabulary;
    private final double seconds;

    /**
     * What was seen.
     *
     * @param latency by the text of the way
     * @param operators in single precision, then of the choice where it is another
     * @param graphs as opened, then as the profiled ones
     */
    record Look(
            Map<String, List<LatencyPoint>> latency,
            List<OperatorTimes> operators,
            List<GraphPicture> graphs,
            List<PassOutcome> passes,
            List<Fact> facts) {}

    /**
     * @param vocabulary number of token ids
     * @param seconds of each profile; lengths are timed for a third of that
     */
    ChosenModel(Path model, int threads, int vocabulary, double seconds) {
        this.model = model;
        this.threads = threads;
        this.vocabulary = vocabulary;
        this.seconds = seconds;
    }

    Look look(ModelFolder folder, Way chosen, Progress progress) {
        List<Way> ways =
                List.of(Way.ORIGINAL, SINGLE, chosen).stream().distinct().toList();
        progress.begin("a closer look", LENGTHS.length + 2);
        Map<String, List<LatencyPoint>> latency = latency(folder, ways, progress);
        List<OperatorTimes> operators = new ArrayList<>();
        List<GraphPicture> graphs = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        try (OpenedModel source = OpenedModel.open(model)) {
            graphs.add(GraphPicture.of("as opened", source.graph(), List.of()));
            facts.addAll(Fact.ofGraph(source.graph()));
        }
        List<PassOutcome> passes = List.of();
        for (Way way : ways.stream().filter(way -> !way.isOriginal()).toList()) {
            try (Session session = Session.open(model, folder.options(way))) {
                InputShape shape = new InputShape(1, Math.min(LENGTHS[LENGTHS.length - 1], session.maximumLength()));
                ModelProfile profile = new Profiler(session, way.threads().orElse(threads), seconds)
                        .profile(shape.tokens(vocabulary, SEED));
                operators.add(OperatorTimes.of(way.toString(), shape.toString(), profile));
                graphs.add(GraphPicture.of(way.toString(), session.graph(), profile.steps()));
                passes = PassOutcome.of(session.report());
            }
            progress.step();
        }
        progress.begin("", 0);
        return new Look(latency, operators, graphs, passes, facts);
    }

    private Map<String, List<LatencyPoint>> latency(ModelFolder folder, List<Way> ways, Progress progress) {
        Map<String, List<LatencyPoint>> points = new TreeMap<>();
        ways.forEach(way -> points.put(way.toString(), new ArrayList<>()));
        List<OpenedWay> opened = new ArrayList<>();
        try {
            ways.forEach(way -> opened.add(folder.open(way)));
            int longest = opened.stream()
                    .mapToInt(way -> way.session().maximumLength())
                    .min()
                    .orElseThrow();
            for (int length :
                    IntStream.of(LENGTHS).filter(each -> each <= longest).toArray()) {
                List<Summary> times = times(opened, new InputShape(1, length));
                for (int way = 0; way < ways.size(); way++) {
                    Summary time = times.get(way);
                    points.getOrDefault(ways.get(way).toString(), List.of())
                            .add(new LatencyPoint(1, length, time.median(), time.interval()));
                }
                progress.step();
            }
        } finally {
            opened.forEach(OpenedWay::close);
        }
        return points;
    }

    private Schedule schedule() {
        return new Schedule(ROUNDS, (long) (seconds / 3 / ROUNDS * NANOS), (long) (seconds / 2 * NANOS));
    }

    private List<Summary> times(List<OpenedWay> opened, InputShape shape) {
        List<PreparedCall> calls = new ArrayList<>();
        try {
            opened.forEach(way -> calls.add(way.session().prepare(shape.tokens(vocabulary, SEED))));
            List<Turn> turns =
                    calls.stream().map(call -> new Turn(call::run, call::run)).toList();
            return new TurnTimer(schedule())
                    .time(turns, () -> {}).stream().map(Summary::of).toList();
        } finally {
            calls.forEach(PreparedCall::close);
        }
    }
}
