package dev.hone.optimize;

import dev.hone.measure.Progress;
import dev.hone.optimize.Search.Model;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What each layer does to the answers when it alone is lowered, and schemes that keep the worst ones higher. */
final class LayerSearch {
    /** A way must be better by this factor to be worth the search for layers to keep. */
    private static final double WORTH = 1.05;

    /** What opening a model with one lowered layer takes. */
    private static final double LAYER_SECONDS = 1;

    /** The part of the budget that may go into what layers do alone where only the report needs it. */
    private static final double SHARE = 0.15;

    private final Race race;
    private final Field field;
    private final Precision usual;
    private final List<String> layers;
    private final List<LayerEffect> effects = new ArrayList<>();

    LayerSearch(Model model, Race race) {
        this.race = race;
        this.field = race.field();
        this.usual = race.settings().kept();
        this.layers = model.layers();
    }

    /** What was found of layers, the worst first; those of one precision stand together. */
    List<LayerEffect> effects() {
        return List.copyOf(effects);
    }

    /**
     * For uniform precisions that lose too much: schemes that keep their most sensitive layers higher. What answers
     * most like the original comes first, since the fewest of its layers need to be kept.
     */
    void keepLayers() {
        List<Way> refused = field.ways().stream()
                .filter(way -> way.isUniform() && !way.isOriginal())
                .filter(way -> !field.judged(way).isAllowed(field.mostPoints()))
                .filter(way -> field.isComplete(way) || field.isHopeless(way))
                .sorted(Comparator.comparingDouble(
                        way -> field.judged(way).loss().error()))
                .toList();
        for (Way way : refused) {
            double best = race.ranked().getFirst().gain().low();
            if (field.sureGain(way) > WORTH * best) {
                keepLayers(way, best);
            }
        }
    }

    private void keepLayers(Way way, double best) {
        Precision precision = way.scheme().base();
        double seconds = layers.size() * (LAYER_SECONDS + field.secondsPerRow(way) * Field.SAMPLE);
        if (!race.hasTime(seconds)) {
            race.notes()
                    .add("which layers should stay above " + precision.label()
                            + " was not looked for: it would take about " + Math.round(seconds)
                            + " s (give a larger --budget and --resume)");
            return;
        }
        List<LayerEffect> worstFirst = lowered(precision, () -> true);
        for (Scheme scheme : schemes(worstFirst, precision)) {
            Way mixed = Way.of(scheme);
            race.sample(mixed);
            if (!field.ways().contains(mixed) || field.sureGain(mixed) < WORTH * best) {
                return;
            }
            race.finish(mixed);
            if (field.judged(mixed).isAllowed(field.mostPoints())) {
                race.reasons().add(mixed, sentence(mixed, way));
                return;
            }
        }
    }

    /** What layers are kept in above a precision: bf16 is nothing above bf16, and less exact than f16. */
    private Precision above(Precision base) {
        return switch (base) {
            case INT8, INT4 -> usual;
            case F32, BF16, F16 -> Precision.F32;
        };
    }

    private String sentence(Way mixed, Way uniform) {
        List<String> names = mixed.scheme().choices().stream()
                .map(choice -> choice.layers().toString())
                .toList();
        return String.join(" and ", names) + (names.size() == 1 ? " stays " : " stay ")
                + above(uniform.scheme().base()).label() + ": "
                + Points.signed(field.difference(uniform).difference()) + " points otherwise";
    }

    /**
     * What each layer alone does in the precision of the choice, or in the quickest lower one where that is the
     * original's: for the report, where the search had no need of it, and for a part of the budget.
     */
    void lowerLayers(Way chosen) {
        Optional<Precision> precision = chosen.scheme().base() == Precision.F32
                ? quickestLower()
                : Optional.of(chosen.scheme().base());
        if (!effects.isEmpty() || precision.isEmpty()) {
            return;
        }
        Budget budget = race.budget();
        double end = budget.spentSeconds() + SHARE * budget.allowedSeconds();
        List<LayerEffect> found =
                lowered(precision.get(), () -> budget.spentSeconds() < end && budget.has(LAYER_SECONDS));
        if (found.size() < layers.size()) {
            race.notes()
                    .add("what each layer alone does in " + precision.get().label() + " was looked at for "
                            + found.size() + " of " + layers.size()
                            + " layers: the time for it was over (go on with --resume)");
        }
    }

    private Optional<Precision> quickestLower() {
        return field.ways().stream()
                .filter(way -> way.scheme().base() != Precision.F32)
                .max(Comparator.comparingDouble(field::sureGain))
                .map(way -> way.scheme().base());
    }

    /**
     * Lowers each layer alone.
     *
     * @param hasTime asked before each layer; when it says no, the layers that are left are not looked at
     * @return the worst first
     */
    private List<LayerEffect> lowered(Precision precision, BooleanSupplier hasTime) {
        Progress progress = race.progress();
        progress.begin("layers in " + precision.label(), layers.size());
        List<LayerEffect> found = new ArrayList<>();
        for (String layer : layers) {
            if (!hasTime.getAsBoolean()) {
                break;
            }
            found.add(field.effect(
                    layer, precision, Way.of(Scheme.of(Precision.F32).with(precision, layer))));
            progress.step();
        }
        found.sort(Comparator.comparingDouble(LayerEffect::error).reversed());
        effects.addAll(found);
        return found;
    }

    /** The precision with its worst 1, 2, 4 … layers kept higher, at most half of all. */
    List<Scheme> schemes(List<LayerEffect> worstFirst, Precision precision) {
        List<Scheme> schemes = new ArrayList<>();
        for (int count = 1; count <= worstFirst.size() / 2; count *= 2) {
            Scheme scheme = Scheme.of(precision);
            for (LayerEffect effect : worstFirst.subList(0, count)) {
                scheme = scheme.with(above(precision), effect.layer());
            }
            schemes.add(scheme);
        }
        return schemes;
    }
}
