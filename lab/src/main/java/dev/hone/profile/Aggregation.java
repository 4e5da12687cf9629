package dev.hone.profile;

import dev.hone.measure.Statistics;
import dev.hone.profile.Profiler.Runs;
import dev.hone.runtime.PlanStep;
import dev.hone.runtime.StepWork;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Makes a profile of many runs: the median of each time, and totals of those medians. */
final class Aggregation {
    private final List<PlanStep> plan;
    private final List<StepWork> work;
    private final MachineLimits limits;
    private final Runs runs;

    Aggregation(List<PlanStep> plan, List<StepWork> work, MachineLimits limits, Runs runs) {
        this.plan = plan;
        this.work = work;
        this.limits = limits;
        this.runs = runs;
    }

    ModelProfile profile(TokenBatch batch) {
        List<StepProfile> steps =
                IntStream.range(0, plan.size()).mapToObj(this::step).toList();
        dev.hone.measure.Summary whole = runs.summary();
        int threads = runs.profiled().getFirst().threadWaiting().length;
        List<Double> waiting = IntStream.range(0, threads)
                .mapToObj(thread -> median(run -> run.threadWaiting()[thread]))
                .toList();
        ModelProfile.Summary summary = new ModelProfile.Summary(
                batch.size(),
                batch.rows(),
                runs.profiled().size(),
                whole.median(),
                whole.interval(),
                Statistics.median(runs.plainMillis()),
                steps.stream().mapToDouble(StepProfile::millis).sum(),
                median(RunTimes::outside),
                waiting,
                runs.tokenized() ? Statistics.median(runs.tokenizerMillis()) : null,
                limits);
        List<GroupProfile> kinds = groups(steps, StepProfile::kind, whole.median()).stream()
                .sorted(Comparator.comparingDouble(GroupProfile::millis).reversed())
                .toList();
        List<GroupProfile> layers = groups(steps, Aggregation::layer, whole.median());
        return new ModelProfile(summary, steps, kinds, layers, runs.nearest(whole.median()));
    }

    private StepProfile step(int index) {
        double busy = median(run -> run.busy()[index]);
        double waiting = median(run -> run.waiting()[index]);
        double millis = median(run -> run.busy()[index] + run.waiting()[index]);
        PlanStep step = plan.get(index);
        StepWork needed = work.get(index);
        return new StepProfile(
                index,
                step.kind(),
                LayerName.of(step.node()),
                step.node(),
                step.problem(),
                millis,
                busy,
                waiting,
                StepRate.of(needed.operations(), needed.bytes(), limits.leastMillis(needed), millis));
    }

    private double median(ToDoubleFunction<RunTimes> time) {
        return Statistics.median(runs.profiled().stream().mapToDouble(time).toArray());
    }

    private static String layer(StepProfile step) {
        return step.layer() == null ? "outside of layers" : "layer " + step.layer();
    }

    private List<GroupProfile> groups(List<StepProfile> steps, Function<StepProfile, String> name, double whole) {
        Map<String, List<StepProfile>> byName = new LinkedHashMap<>();
        for (StepProfile step : steps) {
            byName.computeIfAbsent(name.apply(step), _ -> new ArrayList<>()).add(step);
        }
        return byName.entrySet().stream()
                .map(entry -> group(entry.getKey(), entry.getValue(), whole))
                .toList();
    }

    private GroupProfile group(String name, List<StepProfile> steps, double whole) {
        double millis = steps.stream().mapToDouble(StepProfile::millis).sum();
        double waiting = steps.stream().mapToDouble(StepProfile::waitingMillis).sum();
        long operations = 0;
        long bytes = 0;
        double least = 0;
        for (StepProfile step : steps) {
            StepWork needed = work.get(step.step());
            operations += needed.operations();
            bytes += needed.bytes();
            least += step.rate().limitMillis();
        }
        StepRate rate = StepRate.of(operations, bytes, least, millis);
        return new GroupProfile(name, steps.size(), millis, whole > 0 ? millis / whole : 0, waiting, rate);
    }
}
