package dev.hone.quantize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.transform.Pipeline;
import dev.hone.transform.RewriteRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which precision each layer of a model takes: one for all, and others for chosen layers.
 *
 * <p>The text form, such as {@code int8,f32:layer.4.output,bf16:layer.9.*}, is one word and is read back by
 * {@link #parse}.
 *
 * @param base of the layers that no choice names
 * @param choices the last one that names a layer decides
 */
public record Scheme(Precision base, List<Choice> choices) {
    public Scheme {
        choices = List.copyOf(choices);
    }

    /** A precision for the layers that a selector names. */
    public record Choice(Precision precision, LayerSelector layers) {
        /** @throws HoneException of category USAGE when the text is not of the form {@code f32:layer.4.output} */
        public static Choice parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                throw new HoneException(
                        Category.USAGE,
                        "'" + text + "' is not of the form PRECISION:LAYER, such as f32:layer.4.output");
            }
            return new Choice(
                    Precision.parse(text.substring(0, colon)),
                    new LayerSelector(text.substring(colon + 1).strip()));
        }

        @Override
        public String toString() {
            return precision.label() + ":" + layers;
        }
    }

    /** One precision for all layers. */
    public static Scheme of(Precision precision) {
        return new Scheme(precision, List.of());
    }

    /**
     * Reads the text form.
     *
     * @throws HoneException of category USAGE when it names an unknown precision or no layer
     */
    public static Scheme parse(String text) {
        String[] items = text.strip().split("\\s*,\\s*", -1);
        List<Choice> choices = Arrays.stream(items).skip(1).map(Choice::parse).toList();
        return new Scheme(Precision.parse(items[0]), choices);
    }

    /** The same with one more choice, which decides over the earlier ones. */
    public Scheme with(Precision precision, String layers) {
        return new Scheme(
                base,
                Stream.concat(choices.stream(), Stream.of(new Choice(precision, new LayerSelector(layers))))
                        .toList());
    }

    /** The same with more choices behind the others. */
    public Scheme with(List<Choice> more) {
        return new Scheme(base, Stream.concat(choices.stream(), more.stream()).toList());
    }

    /** The precision of a layer by its readable name. */
    public Precision precisionOf(String layer) {
        return choices.reversed().stream()
                .filter(choice -> choice.layers().matches(layer))
                .findFirst()
                .map(Choice::precision)
                .orElse(base);
    }

    /** Whether all layers have the same precision. */
    public boolean isUniform() {
        return choices.stream().allMatch(choice -> choice.precision() == base);
    }

    /**
     * A pipeline that brings each layer of a graph to its precision after the pipeline's own passes, which give a graph
     * of fused operators. It throws {@link HoneException} of category USAGE when a choice names no layer.
     *
     * @param bfloatProducts as in {@link Precision#after}
     */
    public Pipeline after(Pipeline fusion, boolean bfloatProducts) {
        if (choices.isEmpty()) {
            return base.after(fusion, bfloatProducts);
        }
        Pipeline pipeline = fusion.then(new MatchLayers(choices));
        for (Precision precision : precisions()) {
            for (RewriteRule rule : precision.rules(bfloatProducts)) {
                pipeline = pipeline.then(new LayerPass(rule, this, precision));
            }
        }
        return pipeline;
    }

    private List<Precision> precisions() {
        return Stream.concat(Stream.of(base), choices.stream().map(Choice::precision))
                .distinct()
                .toList();
    }

    /** The text form. */
    @Override
    public String toString() {
        return Stream.concat(Stream.of(base.label()), choices.stream().map(Choice::toString))
                .collect(Collectors.joining(","));
    }
}
