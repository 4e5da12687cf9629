package dev.hone.sweep;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.measure.Summary;
import dev.hone.optimize.Metric;
import dev.hone.sweep.Parameter.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds which operator types are worth quantising: each is quantised by itself, and timed by turns with the same model
 * without it. Those that gain something and are not shown to lose anything are tried together; as long as they lose
 * something together, the one that lost most by itself is left out.
 */
final class OperatorEffects {
    private final SweepBench bench;
    private final Metric metric;
    private final int repeats;

    OperatorEffects(SweepBench bench, Metric metric, int repeats) {
        this.bench = bench;
        this.metric = metric;
        this.repeats = repeats;
    }

    /** Settings that {@link #select} measures at least. */
    int count(Setting base) {
        return bench.built(all(base)).quantized().size();
    }

    private static Setting all(Setting base) {
        return base.without(Set.of(Parameter.OPERATORS, Parameter.NODES)).with(Parameter.MODE, base.mode());
    }

    /**
     * Measures.
     *
     * @param base a setting that quantises
     * @param afterEach told after each operator type
     */
    Selection select(Setting base, Runnable afterEach) {
        Setting all = all(base);
        Map<String, Integer> quantized = bench.built(all).quantized();
        List<OperatorEffect> effects = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (String operator : new TreeSet<>(quantized.keySet())) {
            try {
                effects.add(effect(all, List.of(operator)));
            } catch (HoneException refused) {
                notes.add(operator + " by itself: " + unlessOutput(refused).getMessage());
            }
            afterEach.run();
        }
        effects.sort(Comparator.comparingDouble(OperatorEffect::speed).reversed());
        return together(all, effects, notes);
    }

    private static HoneException unlessOutput(HoneException refused) {
        if (refused.category() == Category.OUTPUT) {
            throw refused;
        }
        return refused;
    }

    private Selection together(Setting all, List<OperatorEffect> effects, List<String> notes) {
        List<OperatorEffect> worth = new ArrayList<>(
                effects.stream().filter(OperatorEffect::isWorthIt).toList());
        OperatorEffect together = null;
        while (worth.size() > 1) {
            together = effect(all, worth.stream().map(OperatorEffect::operators).toList());
            if (!together.loses()) {
                break;
            }
            OperatorEffect worst = worth.stream()
                    .min(Comparator.comparingDouble(effect -> effect.change().difference()))
                    .orElseThrow();
            notes.add("together " + together.operators() + " lose: " + together.reason() + "; " + worst.operators()
                    + " lost most by itself and is left out");
            worth.remove(worst);
            together = null;
        }
        String chosen =
                String.join(",", worth.stream().map(OperatorEffect::operators).toList());
        return new Selection(all, effects, together, chosen, notes);
    }

    private OperatorEffect effect(Setting all, List<String> operators) {
        Setting without = all.without(Part.QUANTIZE);
        Setting reference = without.changesNothing() ? Setting.ORIGINAL : without;
        Setting setting = all.with(Parameter.OPERATORS, String.join(",", new TreeSet<>(operators)));
        Built built = bench.built(setting);
        if (built.reason() != null) {
            throw new HoneException(Category.UNSUPPORTED, built.reason());
        }
        List<PairTimes> times = new ArrayList<>();
        for (int repeat = 0; repeat < repeats; repeat++) {
            times.add(bench.times(setting, reference, repeat));
        }
        Summary speed = Cost.speed(times);
        OperatorEffect effect = new OperatorEffect(
                Objects.requireNonNull(setting.values().get(Parameter.OPERATORS)),
                built.quantized().values().stream().mapToInt(Integer::intValue).sum(),
                metric.difference(
                        bench.answers(reference).outcomes(),
                        bench.answers(setting).outcomes()),
                speed.median(),
                speed.interval(),
                bench.built(reference).bytes() - built.bytes(),
                bench.built(reference).bytes());
        bench.finish(setting);
        return effect;
    }
}
