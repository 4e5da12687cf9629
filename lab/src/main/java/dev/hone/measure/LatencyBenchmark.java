package dev.hone.measure;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.EngineSession.PreparedCall;
import dev.hone.measure.TurnTimer.Turn;
import dev.hone.quantize.Precision;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Latency of several engines at one shape after another, interleaved, with the answers compared before. */
public final class LatencyBenchmark {
    private static final long SEED = 20_240_607L;

    private final Contestant reference;
    private final List<Contestant> contestants;
    private final Conditions conditions;
    private final TurnTimer timer;

    /**
     * What holds for every shape of one benchmark.
     *
     * @param threads threads of each engine, for the record
     * @param vocabulary number of token ids
     * @param work floating-point operations of the model at a shape, to say what share of the peak was reached
     * @param peak floating-point operations a second that the machine can do with these threads, when it was measured
     */
    public record Conditions(int threads, int vocabulary, ToDoubleFunction<InputShape> work, OptionalDouble peak) {}

    /**
     * Answers are compared with those of the first contestant in single precision, or of the first one where there is
     * none.
     */
    public LatencyBenchmark(List<Contestant> contestants, Conditions conditions, TurnTimer timer) {
        this(reference(contestants), contestants, conditions, timer);
    }

    /** @param reference whose answers the others are compared with; timed only if it is one of the contestants */
    public LatencyBenchmark(
            Contestant reference, List<Contestant> contestants, Conditions conditions, TurnTimer timer) {
        this.reference = reference;
        this.contestants = List.copyOf(contestants);
        this.conditions = conditions;
        this.timer = timer;
    }

    /**
     * Compares the answers of all contestants at a shape.
     *
     * @return the difference of each from the reference, in order; the reference itself has none
     * @throws HoneException of category {@code MACHINE} when they differ by more than {@link #tolerance}
     */
    public List<Optional<AnswerDifference>> compare(InputShape shape) {
        TokenBatch batch = shape.tokens(conditions.vocabulary(), SEED);
        EncoderOutputs expected = reference.session().run(batch);
        List<Optional<AnswerDifference>> differences = new ArrayList<>();
        for (Contestant contestant : contestants) {
            boolean compared = !contestant.equals(reference);
            differences.add(compared ? Optional.of(compare(expected, contestant, batch)) : Optional.empty());
        }
        return differences;
    }

    private AnswerDifference compare(EncoderOutputs expected, Contestant other, TokenBatch batch) {
        AnswerDifference difference =
                AnswerDifference.between(expected, other.session().run(batch));
        double tolerance = Math.max(tolerance(reference.precision()), tolerance(other.precision()));
        if (!(difference.largestRelative() <= tolerance)) {
            throw new HoneException(
                    Category.MACHINE,
                    "answers differ at " + batch.size() + "x" + batch.ids()[0].length + ": " + other + " is "
                            + difference.largestRelative() + " off " + reference + ", more than " + tolerance
                            + " of the largest value; no times are reported for wrong answers");
        }
        return difference;
    }

    /**
     * The share of the largest value of an output by which its answers may differ from those in single precision. In
     * f32 it covers another order of additions; in the others it tells a rough answer from a wrong one, and says
     * nothing about how good the answers are: an evaluation on labelled data does.
     */
    public static double tolerance(Precision precision) {
        return switch (precision) {
            case F32 -> 1e-4;
            case F16 -> 0.02;
            case BF16 -> 0.1;
            case INT8, INT4 -> 0.25;
        };
    }

    private static Contestant reference(List<Contestant> contestants) {
        return contestants.stream()
                .filter(contestant -> contestant.precision() == Precision.F32)
                .findFirst()
                .orElse(contestants.getFirst());
    }

    /** Turns that one call of {@link #measure} takes. */
    public int turns() {
        return timer.turns(contestants.size());
    }

    /** Compares the answers at a shape and then times all contestants by turns; results in their order. */
    public List<Latency> measure(InputShape shape, Runnable afterTurn) {
        return repeats(shape, afterTurn).stream().map(Repeats::latency).toList();
    }

    /** As {@link #measure}, with what each turn gave. */
    public List<Repeats> repeats(InputShape shape, Runnable afterTurn) {
        List<Optional<AnswerDifference>> differences = compare(shape);
        TokenBatch batch = shape.tokens(conditions.vocabulary(), SEED);
        List<PreparedCall> calls = new ArrayList<>();
        try {
            contestants.forEach(contestant -> calls.add(contestant.session().prepare(batch)));
            List<Turn> turns =
                    calls.stream().map(call -> new Turn(call::run, call::run)).toList();
            List<List<double[]>> blocks = timer.time(turns, afterTurn);
            List<Repeats> results = new ArrayList<>();
            for (int i = 0; i < blocks.size(); i++) {
                Latency latency = latency(contestants.get(i), shape, Summary.of(blocks.get(i)), differences.get(i));
                results.add(Repeats.of(latency, blocks.get(i)));
            }
            return results;
        } finally {
            calls.forEach(PreparedCall::close);
        }
    }

    /**
     * Times one contestant at a shape for a single turn; its answers were compared before.
     *
     * @param nanos length of the turn; one call is always made
     * @return milliseconds of each call
     */
    public double[] turn(Contestant contestant, InputShape shape, long nanos) {
        try (PreparedCall call = contestant.session().prepare(shape.tokens(conditions.vocabulary(), SEED))) {
            return timer.turn(new Turn(call::run, call::run), nanos);
        }
    }

    private Latency latency(
            Contestant contestant, InputShape shape, Summary summary, Optional<AnswerDifference> difference) {
        double seconds = summary.median() / 1e3;
        OptionalDouble peak = contestant.precision() == Precision.F32 ? conditions.peak() : OptionalDouble.empty();
        return new Latency(
                contestant.engine(),
                contestant.precision().label(),
                shape.batch(),
                shape.sequence(),
                conditions.threads(),
                summary.samples(),
                summary.median(),
                summary.interval().low(),
                summary.interval().high(),
                summary.p90(),
                summary.p99(),
                shape.batch() / seconds,
                peak.isPresent() ? conditions.work().applyAsDouble(shape) / seconds / peak.getAsDouble() : null,
                difference.map(AnswerDifference::largestRelative).orElse(null));
    }
}
