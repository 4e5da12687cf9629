package dev.hone.cli;

import dev.hone.engines.Engine;
import dev.hone.engines.EngineOptions;
import dev.hone.measure.Contestant;
import dev.hone.measure.LatencyBenchmark;
import dev.hone.measure.LatencyBenchmark.Conditions;
import dev.hone.measure.TurnTimer;
import dev.hone.quantize.Precision;
import dev.hone.session.ArtefactFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One model opened by each engine in each precision that it has, and one answer in f32 to hold them against. */
final class Contest implements AutoCloseable {
    private final Path model;
    private final List<Contestant> opened = new ArrayList<>();
    private final List<Contestant> contestants = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    private Contest(Path model) {
        this.model = model;
    }

    /**
     * Opens all that are timed. An engine that lacks a precision is left out for it, if it has another one of those.
     *
     * @throws dev.hone.HoneException of category UNSUPPORTED when an engine has none of the precisions
     */
    static Contest open(Path model, int threads, List<Engine> engines, List<EngineOptions> ways) {
        Contest contest = new Contest(model);
        try {
            for (Engine engine : engines) {
                contest.open(engine, ways);
            }
            boolean onePrecision = ArtefactFacts.schemeAt(model).isPresent();
            if (!onePrecision && contest.contestants.stream().noneMatch(each -> each.precision() == Precision.F32)) {
                contest.open(engines.getFirst(), EngineOptions.ofThreads(threads));
            }
            return contest;
        } catch (RuntimeException | Error failure) {
            contest.close();
            throw failure;
        }
    }

    private void open(Engine engine, List<EngineOptions> ways) {
        boolean hasAny = ways.stream().map(way -> way.scheme().base()).anyMatch(engine.precisions()::contains);
        for (EngineOptions way : ways) {
            if (hasAny && !engine.precisions().contains(way.scheme().base())) {
                leftOut.add("engine " + engine.name() + " has no precision "
                        + way.scheme().base().label() + ": it is left out there");
            } else {
                contestants.add(open(engine, way));
            }
        }
    }

    private Contestant open(Engine engine, EngineOptions way) {
        Contestant contestant = new Contestant(engine.name(), way.scheme().base(), engine.open(model, way));
        opened.add(contestant);
        return contestant;
    }

    /** Those that are timed. */
    List<Contestant> contestants() {
        return contestants;
    }

    /** Which pairs of engine and precision are not timed, in sentences. */
    List<String> leftOut() {
        return leftOut;
    }

    /** The first one in f32 is the reference; else the first of all: a compiled model has one precision. */
    LatencyBenchmark benchmark(Conditions conditions, TurnTimer timer) {
        Contestant reference = opened.stream()
                .filter(each -> each.precision() == Precision.F32)
                .findFirst()
                .orElse(opened.getFirst());
        return new LatencyBenchmark(reference, contestants, conditions, timer);
    }

    @Override
    public void close() {
        opened.forEach(contestant -> contestant.session().close());
    }
}
