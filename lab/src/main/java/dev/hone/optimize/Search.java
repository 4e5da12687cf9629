package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.OnnxRuntimeEngine;
import dev.hone.measure.Interval;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.Progress;
import dev.hone.optimize.Decision.Judged;
import dev.hone.optimize.HeldOutCheck.Outcome;
import dev.hone.optimize.OpenedWay.Opener;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
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
    /** A way must be better by this factor to be worth the search for layers to keep. */
    private static final double WORTH = 1.05;

    /** What opening, warming up and timing a way takes beyond its answers, before it was measured. */
    private static final double OPENING_SECONDS = 2;

    /** What the search must know of a model besides its answers. */
    public interface Model extends Opener {
        /** Readable names of the layers that a scheme can name. */
        List<String> layers();

        /** Bytes on disk of the model as it is run in a way. */
        long sizeBytes(Way way);
    }

    private final Subject subject;
    private final SearchSettings settings;
    private final Journal journal;
    private final Progress progress;
    private final Budget budget;
    private final Workbench bench;
    private final Field field;
    private final LayerSearch layerSearch;
    private final int known;

    private final Reasons reasons;
    private final List<LayerEffect> effects = new ArrayList<>();
    private final List<HeldOutCheck> checks = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    public Search(Subject subject, SearchSettings settings, Model model, Journal journal, Progress progress) {
        this.subject = subject;
        this.settings = settings;
        this.journal = journal;
        this.progress = progress;
        this.budget = new Budget(settings.budget(), System::nanoTime);
        this.known = journal.size();
        MachineRecord machine = MachineRecord.here(Map.of());
        String stamp = machine.processor() + ", " + machine.cores() + " cores, " + settings.threads() + " threads";
        this.bench = new Workbench(subject, model, journal, stamp);
        this.field = new Field(subject, settings, model, bench);
        this.reasons = new Reasons(field);
        this.layerSearch = new LayerSearch(model, settings.kept());
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
        ways.forEach(this::sample);
        finishPromising(ways);
        keepLayers();
        fewerThreads();
        Way chosen = check();
        return report(chosen);
    }

    private void refuseSmallBudget() {
        int rows = subject.rows().search().size() + subject.rows().heldOut().size();
        double needed = 2 * (rows * field.secondsPerRow(Way.ORIGINAL) + OPENING_SECONDS);
        if (!field.isKnown(Way.ORIGINAL) && !budget.has(needed)) {
            long seconds = (long) Math.ceil(1.5 * (budget.spentSeconds() + needed));
            throw new HoneException(
                    Category.USAGE,
                    "--budget " + budget + " is too small for one candidate: the original and one candidate on "
                            + rows + " rows take about " + seconds + " s; give --budget " + seconds
                            + "s or more, or fewer rows with --samples");
        }
    }

    private void sample(Way way) {
        double seconds = OPENING_SECONDS + 2 * settings.seconds();
        if (!budget.has(seconds + reserveSeconds()) && field.ways().size() > 1) {
            notes.add(way + " was not looked at: the budget of " + budget + " was over (go on with --resume)");
        } else {
            field.sample(way);
        }
        progress.step();
    }

    /** The check on held-out rows and the writing of the artefact must still be possible. */
    private double reserveSeconds() {
        return 2 * subject.rows().heldOut().size() * field.secondsPerRow(Way.ORIGINAL) + OPENING_SECONDS;
    }

    private void finishPromising(List<Way> ways) {
        List<Way> order = ways.stream()
                .filter(field.ways()::contains)
                .sorted(Comparator.comparingDouble(field::gain).reversed())
                .toList();
        progress.begin("candidates on all rows", order.size());
        for (Way way : order) {
            finish(way);
            progress.step();
        }
    }

    private void finish(Way way) {
        double seconds = OPENING_SECONDS + field.rowsLeft() * field.secondsPerRow(way);
        if (!way.isSingle() && field.isHopeless(way)) {
            because(way, "already a sample of the rows showed that it loses more than is allowed");
        } else if (field.isKnown(way) || budget.has(seconds + reserveSeconds())) {
            field.finish(way);
        } else {
            because(way, "the time was over before it had answered all rows (go on with --resume)");
        }
    }

    /** For the best uniform precision that loses too much: schemes that keep its most sensitive layers higher. */
    private void keepLayers() {
        List<Judged> allowed = ranked();
        double best = allowed.getFirst().gain();
        List<Way> refused = field.ways().stream()
                .filter(way -> way.scheme().equals(Scheme.of(way.scheme().base())) && !way.isOriginal())
                .filter(way -> !field.judged(way).isAllowed(field.mostPoints()))
                .filter(way -> field.isComplete(way) || field.isHopeless(way))
                .filter(way -> field.gain(way) > WORTH * best)
                .sorted(Comparator.comparingDouble(field::gain).reversed())
                .toList();
        for (Way way : refused) {
            keepLayers(way, best);
        }
    }

    private void keepLayers(Way way, double best) {
        Precision precision = way.scheme().base();
        double seconds = layerSearch.layers().size() * (OPENING_SECONDS / 2 + field.secondsPerRow(way) * Field.SAMPLE);
        if (!budget.has(seconds + reserveSeconds())) {
            notes.add(
                    "which layers should stay above " + precision.label() + " was not looked for: it would take about "
                            + Math.round(seconds) + " s (give a larger --budget and --resume)");
            return;
        }
        List<LayerEffect> worstFirst = layerSearch.effects(field, precision, progress);
        effects.addAll(worstFirst);
        for (Scheme scheme : layerSearch.schemes(worstFirst, precision)) {
            Way mixed = Way.of(scheme);
            sample(mixed);
            if (!field.ways().contains(mixed) || field.gain(mixed) < WORTH * best) {
                return;
            }
            finish(mixed);
            if (field.judged(mixed).isAllowed(field.mostPoints())) {
                because(mixed, kept(mixed, way));
                return;
            }
        }
    }

    private String kept(Way mixed, Way uniform) {
        List<String> layers = mixed.scheme().choices().stream()
                .map(choice -> choice.layers().toString())
                .toList();
        return String.join(" and ", layers) + (layers.size() == 1 ? " stays " : " stay ")
                + settings.kept().label() + ": "
                + Points.signed(field.difference(uniform).difference()) + " points otherwise";
    }

    /** Threads change no answer, only time: half of them must be clearly quicker to be worth a candidate. */
    private void fewerThreads() {
        boolean time = settings.objective() == Objective.LATENCY || settings.objective() == Objective.THROUGHPUT;
        Judged best = ranked().getFirst();
        double seconds = OPENING_SECONDS + 4 * settings.seconds();
        if (!time || settings.threads() == 1 || best.original() || !budget.has(seconds + reserveSeconds())) {
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
            notes.add(String.format(
                    Locale.ROOT,
                    "%s was timed too and is not clearly quicker: %.2f to %.2f times the original's speed",
                    fewer,
                    speed.low(),
                    speed.high()));
        }
    }

    private List<Judged> ranked() {
        return Decision.ranked(field.judged(), field.mostPoints());
    }

    /** The best way whose promise holds on rows that it did not see. */
    private Way check() {
        List<Judged> ranked = ranked();
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
            because(
                    way,
                    "withdrawn: on held-out rows it loses "
                            + Points.of(-check.difference().difference()) + " points");
        }
        return Way.ORIGINAL;
    }

    private void because(Way way, String reason) {
        reasons.add(way, reason);
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
                settings.threads(),
                new SearchReport.Data(
                        rows.source(), rows.search().size(), rows.heldOut().size()),
                promise,
                reasons.trials(chosen),
                checks,
                chosen.toString(),
                effects,
                notes,
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
