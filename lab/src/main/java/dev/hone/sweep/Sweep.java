package dev.hone.sweep;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.Judge;
import dev.hone.evaluate.metric.Bootstrap;
import dev.hone.evaluate.metric.Outcomes;
import dev.hone.evaluate.metric.Scoring;
import dev.hone.measure.Json;
import dev.hone.measure.MachineRecord;
import dev.hone.optimize.Journal;
import dev.hone.optimize.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Measures every setting of a grid beside the original. */
public final class Sweep implements AutoCloseable {
    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final long SEED = 1;
    private static final double NANOS_A_SECOND = 1e9;

    private final SweepSubject subject;
    private final SweepFile wanted;
    private final SweepListener listener;
    private final SweepBench bench;
    private final Metric metric;
    private final Map<String, Integer> firstOf = new HashMap<>();
    private long end;

    public Sweep(SweepSubject subject, SweepFile wanted, SettingFiles models, Journal journal, SweepListener listener) {
        this(subject, wanted, new SweepBench(subject, models, journal, stamp(subject), timing(subject)), listener);
    }

    Sweep(SweepSubject subject, SweepFile wanted, SweepBench bench, SweepListener listener) {
        this.subject = subject;
        this.wanted = wanted;
        this.listener = listener;
        this.bench = bench;
        this.metric = subject.metric();
    }

    private static PairTiming timing(SweepSubject subject) {
        return new PairTimer(subject.rows(), subject.batch(), WARM_UP);
    }

    private static String stamp(SweepSubject subject) {
        MachineRecord machine = MachineRecord.here(Map.of());
        return machine.processor() + ", " + machine.cores() + " cores, " + subject.threads() + " threads";
    }

    /**
     * Measures.
     *
     * @param limit no setting is begun after it
     * @throws HoneException when the original cannot be run, or of category {@code OUTPUT} when files cannot be written
     */
    public SweepResult run(Duration limit) {
        end = System.nanoTime() + limit.toNanos();
        List<SweepRow> rows = new ArrayList<>();
        List<Setting> settings = wanted.grid().settings();
        requireBuilt();
        Pace pace = new Pace();
        int unmeasured = 0;
        for (int index = 0; index < settings.size(); index++) {
            if (!hasTime()) {
                unmeasured++;
                rows.add(SweepRow.refused(index + 1, settings.get(index), "not measured: the time was over"));
                continue;
            }
            long begin = System.nanoTime();
            SweepRow row = row(index + 1, settings.get(index));
            rows.add(row);
            bench.finish(settings.get(index));
            pace.add((System.nanoTime() - begin) / NANOS_A_SECOND);
            listener.measured(row, index + 1, settings.size(), pace.of(settings.size() - index - 1));
        }
        rows.addFirst(original(settings));
        return new SweepResult(rows, selection(rows), unmeasured);
    }

    /** How long settings take that the journal does not hold. */
    private static final class Pace {
        /** What is only looked up takes less. */
        private static final double LEAST_SECONDS = 0.3;

        private double seconds;
        private int settings;

        void add(double taken) {
            seconds += taken < LEAST_SECONDS ? 0 : taken;
            settings += taken < LEAST_SECONDS ? 0 : 1;
        }

        double of(int more) {
            return more * seconds / Math.max(1, settings);
        }
    }

    private boolean hasTime() {
        return System.nanoTime() - end < 0;
    }

    /** Without the original there is nothing to hold settings against. */
    private void requireBuilt() {
        String reason = bench.built(Setting.ORIGINAL).reason();
        if (reason != null) {
            throw new HoneException(Category.UNSUPPORTED, reason);
        }
        bench.answers(Setting.ORIGINAL);
    }

    private SweepRow row(int number, Setting setting) {
        try {
            Built built = bench.built(setting);
            if (built.reason() != null) {
                return SweepRow.refused(number, setting, built.reason());
            }
            Integer first = firstOf.putIfAbsent(bench.identity(setting), number);
            String remark = bench.identity(setting).equals(bench.identity(Setting.ORIGINAL))
                    ? "the original"
                    : first == null ? "" : "the same file as " + first;
            Score score = score(setting);
            return new SweepRow(number, setting, built.bytes(), score, cost(setting), remark);
        } catch (HoneException refused) {
            if (refused.category() == Category.OUTPUT || refused.category() == Category.CLOSED) {
                throw refused;
            }
            return SweepRow.refused(number, setting, String.valueOf(refused.getMessage()));
        }
    }

    private SweepRow original(List<Setting> settings) {
        Setting beside = settings.stream()
                .filter(setting -> firstOf.containsKey(identity(setting)))
                .findFirst()
                .orElse(Setting.ORIGINAL);
        Cost cost = Cost.ofReference(times(beside), subject.rows().size());
        Built built = bench.built(Setting.ORIGINAL);
        return new SweepRow(0, Setting.ORIGINAL, built.bytes(), score(Setting.ORIGINAL), cost, "the original");
    }

    private String identity(Setting setting) {
        return bench.built(setting).reason() == null ? bench.identity(setting) : "";
    }

    private List<PairTimes> times(Setting setting) {
        List<PairTimes> times = new ArrayList<>();
        for (int repeat = 0; repeat < wanted.repeats(); repeat++) {
            times.add(bench.times(setting, Setting.ORIGINAL, repeat));
        }
        return times;
    }

    private Cost cost(Setting setting) {
        return Cost.of(times(setting), subject.rows().size());
    }

    private Score score(Setting setting) {
        Judge judge = subject.judge();
        Answered original = bench.answers(Setting.ORIGINAL);
        Answered answered = bench.answers(setting);
        Scoring scoring = judge.scoring();
        Outcomes outcomes = Outcomes.of(scoring.width(), answered.outcomes());
        return new Score(
                Json.numbers(scoring.metrics(outcomes.all())),
                Bootstrap.intervals(scoring, outcomes.all(), SEED),
                metric.difference(original.outcomes(), answered.outcomes()),
                Json.numbers(judge.agreement()
                        .metrics(Outcomes.of(judge.agreement().width(), answered.agreement())
                                .all())));
    }

    /** The operator types of the quickest setting that quantises, if there is one of those that lose nothing. */
    private @Nullable Selection selection(List<SweepRow> rows) {
        Optional<SweepRow> base = rows.stream()
                .filter(SweepRow::isMeasured)
                .filter(row -> row.setting().quantization().isPresent())
                .max(Comparator.comparing((SweepRow row) -> !row.loses()).thenComparingDouble(SweepRow::speed));
        if (!wanted.effects() || base.isEmpty() || !hasTime()) {
            return null;
        }
        OperatorEffects effects = new OperatorEffects(bench, metric, wanted.repeats());
        listener.selecting(base.get().setting(), effects.count(base.get().setting()));
        return effects.select(base.get().setting(), listener::selected);
    }

    @Override
    public void close() {
        bench.close();
    }
}
