package dev.hone.optimize;

import dev.hone.measure.Progress;
import dev.hone.optimize.Search.Model;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What each layer does to the answers when it alone is lowered, and schemes that keep the worst ones higher. */
final class LayerSearch {
    private final Model model;
    private final Precision kept;

    /** @param kept what layers take that are not lowered */
    LayerSearch(Model model, Precision kept) {
        this.model = model;
        this.kept = kept;
    }

    List<String> layers() {
        return model.layers();
    }

    /** Lowers each layer alone, the worst first. */
    List<LayerEffect> effects(Field field, Precision precision, Progress progress) {
        progress.begin("layers in " + precision.label(), layers().size());
        List<LayerEffect> effects = new ArrayList<>();
        for (String layer : layers()) {
            Way way = Way.of(Scheme.of(Precision.F32).with(precision, layer));
            effects.add(field.effect(layer, precision, way));
            progress.step();
        }
        effects.sort(Comparator.comparingDouble(LayerEffect::error).reversed());
        return effects;
    }

    /** The precision with its worst 1, 2, 4 … layers kept higher, at most half of all. */
    List<Scheme> schemes(List<LayerEffect> worstFirst, Precision precision) {
        List<Scheme> schemes = new ArrayList<>();
        for (int count = 1; count <= worstFirst.size() / 2; count *= 2) {
            Scheme scheme = Scheme.of(precision);
            for (LayerEffect effect : worstFirst.subList(0, count)) {
                scheme = scheme.with(kept, effect.layer());
            }
            schemes.add(scheme);
        }
        return schemes;
    }
}
