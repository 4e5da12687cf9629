package dev.hone.tune;

import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearSchedule;
import dev.hone.machine.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds the quickest schedule of each problem within a budget of time.
 *
 * <p>The dimensions are searched one after another (tile, distance of fetching, blocks of rows, blocks of the depth,
 * bands), each from the best of the one before. What comes out plays against the usual schedule once more, because the
 * best of many is partly luck; where it is not surely quicker the usual one stays.
 */
public final class Tuner {
    /** Parts of a problem's time for the dimensions; the rest is for the last comparison. */
    private static final double[] SHARES = {0.3, 0.15, 0.1, 0.15, 0.1};

    private final Machine machine;
    private final int workers;
    private final TuningListener listener;

    /** @param workers threads of the plans that are tuned for */
    public Tuner(Machine machine, int workers, TuningListener listener) {
        this.machine = machine;
        this.workers = workers;
        this.listener = listener;
    }

    /**
     * Tunes problems, the heaviest first, each for the part of the budget that its weight is of what is left.
     *
     * @param keep takes each record as soon as it is there
     * @return the tasks that the budget did not reach
     */
    public List<TuningTask> run(List<TuningTask> tasks, Duration budget, Consumer<TuningRecord> keep) {
        List<TuningTask> open = new ArrayList<>(tasks);
        open.sort(Comparator.comparingDouble(TuningTask::weight).reversed());
        long end = System.nanoTime() + budget.toNanos();
        double weight = open.stream().mapToDouble(TuningTask::weight).sum();
        while (!open.isEmpty() && System.nanoTime() < end) {
            TuningTask task = open.removeFirst();
            listener.begin(task, tasks.size() - open.size(), tasks.size());
            long nanos = (long) ((end - System.nanoTime()) * task.weight() / weight);
            weight -= task.weight();
            TuningRecord record = tune(task, nanos);
            keep.accept(record);
            listener.found(task, record);
        }
        return List.copyOf(open);
    }

    private TuningRecord tune(TuningTask task, long nanos) {
        LinearProblem problem = task.problem();
        SearchSpace space = new SearchSpace(problem, machine, workers);
        List<Function<LinearSchedule, List<LinearSchedule>>> dimensions =
                List.of(space::tiles, space::fetches, space::blocks, space::depths, space::bands);
        LinearSchedule usual = problem.usualSchedule();
        LinearSchedule best = usual;
        for (int index = 0; index < dimensions.size(); index++) {
            best = better(task, best, dimensions.get(index).apply(best), (long) (nanos * SHARES[index]));
        }
        Gain gain = best.equals(usual) ? Gain.NONE : compare(task, best, nanos);
        return gain.isSure() ? record(problem, best, gain) : record(problem, usual, Gain.NONE);
    }

    private LinearSchedule better(TuningTask task, LinearSchedule from, List<LinearSchedule> others, long nanos) {
        if (others.isEmpty()) {
            return from;
        }
        List<LinearSchedule> schedules = new ArrayList<>(List.of(from));
        schedules.addAll(others);
        List<Gain> gains = measure(task, schedules, nanos);
        int best = 0;
        for (int index = 1; index < schedules.size(); index++) {
            if (gains.get(index).ratio() < gains.get(best).ratio()) {
                best = index;
            }
        }
        return schedules.get(best);
    }

    private Gain compare(TuningTask task, LinearSchedule best, long nanos) {
        double share = 1;
        for (double part : SHARES) {
            share -= part;
        }
        List<LinearSchedule> both = List.of(task.problem().usualSchedule(), best);
        return measure(task, both, (long) (nanos * share)).getLast();
    }

    /** Compiling and packing are part of the time. */
    private List<Gain> measure(TuningTask task, List<LinearSchedule> schedules, long nanos) {
        long end = System.nanoTime() + nanos;
        try (ScheduleTrial trial = new ScheduleTrial(task, schedules, workers)) {
            trial.check();
            return trial.measure(end - System.nanoTime());
        }
    }

    private TuningRecord record(LinearProblem problem, LinearSchedule schedule, Gain gain) {
        return new TuningRecord(
                problem.line(), machine.model(), schedule, gain, Instant.now().toString());
    }
}
