package dev.hone.quantize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.transform.Pipeline;
import dev.hone.transform.RewriteRule;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which precision each layer of a model takes: one for all, and others for chosen layers.
 *
 * <p>The text form, such as {@code int8,activations:static,f32:layer.4.output,bf16:layer.9.*}, is one word and is read
 * back by {@link #parse}.
 *
 * @param base of the layers that no choice names
 * @param bytes how layers of {@link Precision#INT8} are quantised
 * @param choices the last one that names a layer decides
 */
public record Scheme(Precision base, ByteSettings bytes, List<Choice> choices) {
    public Scheme {
        choices = List.copyOf(choices);
    }

    /** With the usual settings of layers of bytes. */
    public Scheme(Precision base, List<Choice> choices) {
        this(base, ByteSettings.USUAL, choices);
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
        Scheme scheme = of(Precision.parse(items[0]));
        for (String item : List.of(items).subList(1, items.length)) {
            int colon = item.indexOf(':');
            String name = colon < 0 ? item : item.substring(0, colon);
            scheme = ByteSettings.isSetting(name)
                    ? scheme.with(scheme.bytes.with(name, item.substring(colon + 1)))
                    : scheme.with(List.of(Choice.parse(item)));
        }
        return scheme;
    }

    /** The same with one more choice, which decides over the earlier ones. */
    public Scheme with(Precision precision, String layers) {
        return with(List.of(new Choice(precision, new LayerSelector(layers))));
    }

    /** The same with more choices behind the others. */
    public Scheme with(List<Choice> more) {
        return new Scheme(
                base, bytes, Stream.concat(choices.stream(), more.stream()).toList());
    }

    /** The same with other settings for layers of bytes. */
    public Scheme with(ByteSettings settings) {
        return new Scheme(base, settings, choices);
    }

    /** Whether some layers may be layers of bytes. */
    public boolean hasBytes() {
        return precisions().contains(Precision.INT8);
    }

    /** Whether some layers of bytes need a {@link Calibration}. */
    public boolean needsCalibration() {
        return bytes.needsCalibration() && hasBytes();
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
        return after(fusion, bfloatProducts, Calibration.NONE);
    }

    /**
     * The same with what calibration found.
     *
     * @throws HoneException of category USAGE when the settings need calibration and there is none
     */
    public Pipeline after(Pipeline fusion, boolean bfloatProducts, Calibration calibration) {
        boolean smooth = bytes.smoothing().isEmpty() || !calibration.sizes().isEmpty();
        boolean fixed = !bytes.isStatic() || !calibration.ranges().isEmpty();
        if (needsCalibration() && !(smooth && fixed)) {
            throw new HoneException(
                    Category.USAGE, "the scheme " + this + " needs calibration: give texts to calibrate with");
        }
        Pipeline pipeline = smoothed(fusion, calibration);
        for (Precision precision : precisions()) {
            for (RewriteRule rule : rules(precision, bfloatProducts, calibration)) {
                pipeline =
                        choices.isEmpty() ? pipeline.then(rule) : pipeline.then(new LayerPass(rule, this, precision));
            }
        }
        return pipeline;
    }

    /**
     * The part of {@link #after} that scales the inputs of layers and leaves them in f32; ranges of rows are those that
     * rows have then.
     */
    public Pipeline smoothed(Pipeline fusion, Calibration calibration) {
        Pipeline pipeline = choices.isEmpty() ? fusion : fusion.then(new MatchLayers(choices));
        if (bytes.smoothing().isEmpty() || !hasBytes()) {
            return pipeline;
        }
        RewriteRule smooth = new SmoothLinear(bytes.smoothing().getAsDouble(), calibration);
        return pipeline.then(new LayerPass(smooth, this, Precision.INT8));
    }

    private List<RewriteRule> rules(Precision precision, boolean bfloatProducts, Calibration calibration) {
        return precision.rules(bfloatProducts).stream()
                .map(rule -> rule instanceof QuantizeLinear ? new QuantizeLinear(bytes, calibration) : rule)
                .toList();
    }

    private List<Precision> precisions() {
        return Stream.concat(Stream.of(base), choices.stream().map(Choice::precision))
                .distinct()
                .toList();
    }

    /** The text form. */
    @Override
    public String toString() {
        return Stream.of(
                        Stream.of(base.label()),
                        bytes.items().stream(),
                        choices.stream().map(Choice::toString))
                .flatMap(items -> items)
                .collect(Collectors.joining(","));
    }
}
