package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.OnnxRuntimeEngine;
import dev.hone.machine.Machine;
import dev.hone.measure.Interval;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.Progress;
import dev.hone.optimize.Decision.Judged;
import dev.hone.optimize.HeldOutCheck.Outcome;
import dev.hone.optimize.OpenedWay.Opener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the best way to run a model that loses no more than is allowed.
 *
 * <p>The rule is successive halving with two rounds (Jamieson and Talwalkar, Non-stochastic best arm identification and
 * hyperparameter optimization, 2016), with a search over layers behind it:
 *
 * <ol>
 *   <li>Every way answers a sample of the rows and is timed beside the original. A way whose loss on the sample is
 *       above what is allowed even at the upper end of its 95 % interval goes no further.
 *   <li>The others answer all rows of the search, the best in the objective first, while there is time.
 *   <li>Where a precision that is quicker than every allowed way loses too much, its most sensitive layers stay in a
 *       higher one: one of them, then 2, 4 and so on, until that is allowed or no longer quicker.
 *   <li>The best allowed way is checked on rows that were held out. A way that loses more on them than was promised is
 *       withdrawn, and the next one is checked.
 * </ol>
 */
public final class Search implements AutoCloseable {
    /** What the search must know of a model besides its answers. */
    public interface Model extends Opener {
        /** Readable names of the layers that a scheme can name. */
        List<String> layers();

        /** Bytes on disk of the model as it is run in a way. */
        long sizeBytes(Way way);

        /** Bytes by which a process grows that opens the model as it is run in a way, and answers. */
        long memoryBytes(Way way);
    }

    private final Subject subject;
    private final SearchSettings settings;
    private final Journal journal;
    private final Progress progress;
    private final Budget budget;
    private final Workbench bench;
    private final Field field;
    private final Race race;
    private final LayerSearch layerSearch;
    private final int known;
    private final List<HeldOutCheck> checks = new ArrayList<>();

    public Search(Subject subject, SearchSettings settings, Model model, Journal journal, Progress progress) {
        this.subject = subject;
        this.settings = settings;
        this.journal = journal;
        this.progress = progress;
        this.budget = new Budget(settings.budget(), System::nanoTime);
        this.known = journal.size();
        MachineRecord machine = MachineRecord.here(Map.of());
        String stamp = machine.processor() + ", " + Machine.detect().chosenIsa().label() + ", " + machine.cores()
                + " cores, " + settings.threads() + " threads";
        this.bench = new Workbench(subject, model, journal, stamp);
        this.field = new Field(subject, settings, model, bench);
        this.race = Race.of(field, budget, settings, progress);
        this.layerSearch = new LayerSearch(model, race);
        race.notes().addAll(subject.rows().notes());
    }

    /**
     * Searches.
     *
     * @throws HoneException of category USAGE when the budget is too small for one candidate, of category MACHINE when
     *     f32 answers differ from the original's, of category OUTPUT when the journal cannot be written
     */
    public SearchReport run() {
        List<Way> ways = settings.schemes().stream().map(Way::of).toList();
        progress.begin("candidates on a sample", ways.size() + 1);
        field.sampleOriginal();
        refuseSmallBudget();
        field.finish(Way.ORIGINAL);
        progress.step();
        ways.forEach(race::sample);
        finishPromising(ways);
        layerSearch.keepLayers();
        fewerThreads();
        Way chosen = check();
        layerSearch.lowerLayers(chosen);
        return report(chosen);
    }

    private void refuseSmallBudget() {
        int rows = subject.rows().search().size() + subject.rows().heldOut().size();
        double needed = 2 * (rows * field.secondsPerRow(Way.ORIGINAL) + Race.OPENING_SECONDS);
        if (!field.isKnown(Way.ORIGINAL) && !budget.has(needed)) {
            long seconds = (long) Math.ceil(1.5 * (budget.spentSeconds() + needed));
            throw new HoneException(
                    Category.USAGE,
                    "--budget " + budget + " is too small for one candidate: the original and one candidate on "
                            + rows + " rows take about " + seconds + " s; give --budget " + seconds
                            + "s or more, or fewer rows with --samples");
        }
    }

    /**
     * The best in the objective come first; then what seldom wins, which has settings of its own; at last f32, whose
     * answers are known to be the original's.
     */
    private void finishPromising(List<Way> ways) {
        List<Way> order = ways.stream()
                .filter(field.ways()::contains)
                .sorted(Comparator.comparing(Way::isSingle)
                        .thenComparing(way -> !way.isUniform())
                        .thenComparing(
                                Comparator.comparingDouble(field::sureGain).reversed()))
                .toList();
        progress.begin("candidates on all rows", order.size());
        for (Way way : order) {
            race.finish(way);
            progress.step();
        }
    }

    /** Threads change no answer, only time: half of them must be clearly quicker to be worth a candidate. */
    private void fewerThreads() {
        boolean time = settings.objective() == Objective.LATENCY || settings.objective() == Objective.THROUGHPUT;
        Judged best = race.ranked().getFirst();
        double seconds = Race.OPENING_SECONDS + 4 * settings.seconds();
        if (!time || settings.threads() == 1 || best.original() || !race.hasTime(seconds)) {
            return;
        }
        Way all = field.way(best.name());
        Way fewer = all.withThreads(settings.threads() / 2);
        field.sample(fewer);
        field.finish(fewer);
        Interval speed = field.times(fewer).of(settings.objective()).speedInterval();
        if (speed.low()
                <= field.times(all).of(settings.objective()).speedInterval().high()) {
            field.withdraw(fewer);
            race.notes()
                    .add(String.format(
                            Locale.ROOT,
                            "%s was timed too and is not clearly quicker: %.2f to %.2f times the original's speed",
                            fewer,
                            speed.low(),
                            speed.high()));
        }
    }

    /** The best way whose promise holds on rows that it did not see. */
    private Way check() {
        List<Judged> ranked = race.ranked();
        progress.begin("check on held-out rows", ranked.size());
        for (Judged judged : ranked) {
            Way way = field.way(judged.name());
            if (judged.original()) {
                return way;
            }
            HeldOutCheck check = field.check(way);
            checks.add(check);
            progress.step();
            if (check.outcome() != Outcome.BROKEN) {
                return way;
            }
            race.reasons().withdraw(way, check);
        }
        return Way.ORIGINAL;
    }

    private SearchReport report(Way chosen) {
        SearchRows rows = subject.rows();
        SearchReport.Promise promise = new SearchReport.Promise(
                subject.metric().name(),
                settings.mostLoss().toString(),
                field.mostPoints(),
                settings.objective().label(),
                settings.lengths());
        return new SearchReport(
                subject.name(),
                MachineRecord.here(Map.of(Way.ORIGINAL.engine(), new OnnxRuntimeEngine().version())),
                Machine.detect().chosenIsa().label(),
                settings.threads(),
                new SearchReport.Data(
                        rows.source(), rows.search().size(), rows.heldOut().size()),
                promise,
                race.reasons().trials(chosen),
                checks,
                chosen.toString(),
                layerSearch.effects(),
                race.notes(),
                new SearchReport.Spent(budget.spentSeconds(), journal.written(), known));
    }

    /** The way that a report of this search chose. */
    public Way chosen(SearchReport report) {
        return field.way(report.chosen());
    }

    /** Whether an opened artefact answers the sample as its candidate did, in every outcome. */
    public boolean answersAs(Way way, OpenedWay opened) {
        return field.answersAs(way, opened);
    }

    /** Closes the models; the journal stays open. */
    @Override
    public void close() {
        bench.close();
    }
}
