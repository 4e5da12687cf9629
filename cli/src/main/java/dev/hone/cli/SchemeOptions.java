package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.EngineOptions;
import dev.hone.quantize.ByteSettings;
import dev.hone.quantize.ByteSettings.Rows;
import dev.hone.quantize.ByteSettings.Weights;
import dev.hone.quantize.Calibration;
import dev.hone.quantize.Precision;
import dev.hone.quantize.RangeMethod;
import dev.hone.quantize.Scheme;
import dev.hone.quantize.Scheme.Choice;
import dev.hone.session.ArtefactFacts;
import dev.hone.session.Calibrator;
import dev.hone.session.Calibrator.Settings;
import dev.hone.session.SessionOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which layers take another precision than the rest, and how layers of bytes are quantised. */
final class SchemeOptions {
    private static final int USUAL_SAMPLES = 128;

    @Option(
            names = "--keep",
            paramLabel = "P:LAYER",
            split = ",",
            description = "Layers that take another precision than a lower one of the rest, such as"
                    + " f32:layer.4.output,bf16:layer.9.*; the last one that names a layer decides.")
    private List<String> kept = List.of();

    @Option(
            names = "--activations",
            paramLabel = "A",
            description = "With int8, ranges of rows: dynamic (each row its own; default), static or static-symmetric"
                    + " (one for all, from calibration).")
    private @Nullable String activations;

    @Option(
            names = "--weights",
            paramLabel = "W",
            description = "With int8, scales of weights: per-channel (default) or per-tensor.")
    private @Nullable String weights;

    @Option(
            names = "--smooth",
            paramLabel = "S",
            description = "With int8, move what is large in rows into weights before both are quantised, by a strength"
                    + " from 0 to 1 such as 0.5; needs calibration.")
    private @Nullable Double smoothing;

    @Option(
            names = "--calibrate",
            paramLabel = "FILE",
            description =
                    "Texts to calibrate with: labelled data as evaluate takes them (a file, a directory, hf:NAME of"
                            + " the hub), or one text a line, or the two of a pair with a tab between.")
    private @Nullable Path texts;

    @Option(
            names = "--calibration",
            paramLabel = "C",
            description = "How ranges follow from texts: minmax (default), average, percentile or entropy.")
    private String method = RangeMethod.MINMAX.label();

    @Option(names = "--calibration-samples", paramLabel = "N", description = "Most texts taken: ${DEFAULT-VALUE}.")
    private int samples = USUAL_SAMPLES;

    /**
     * The scheme of a text, which is a precision or what an artefact says of itself. A model in f32 has nothing to
     * keep, and only int8 has settings.
     *
     * @throws HoneException of category USAGE for an unknown precision, setting or layer
     */
    Scheme scheme(String text) {
        List<Choice> choices = kept.stream().map(Choice::parse).toList();
        ByteSettings settings = settings();
        Scheme scheme = Scheme.parse(text);
        if (scheme.equals(Scheme.of(Precision.F32))) {
            return scheme;
        }
        Scheme whole = scheme.with(choices);
        return settings.equals(ByteSettings.USUAL) || !whole.hasBytes() ? whole : whole.with(settings);
    }

    /** How engines open a model in the precision of a text, as {@link #scheme} and {@link #calibration} say. */
    EngineOptions engine(Path model, String text, int threads) {
        Scheme scheme = scheme(text);
        return new EngineOptions(threads, scheme, calibration(model, scheme, threads));
    }

    private ByteSettings settings() {
        ByteSettings settings = ByteSettings.USUAL;
        settings = activations == null ? settings : settings.withRows(Rows.parse(activations));
        settings = weights == null ? settings : settings.withWeights(Weights.parse(weights));
        return smoothing == null ? settings : settings.withSmoothing(smoothing);
    }

    /**
     * What a scheme needs to know of a model's rows; runs the model on the texts where it needs anything.
     *
     * @throws HoneException of category USAGE when it does and there are no texts
     */
    Calibration calibration(Path model, Scheme scheme, int threads) {
        RangeMethod ranges = RangeMethod.parse(method);
        if (!scheme.needsCalibration() || ArtefactFacts.schemeAt(model).isPresent()) {
            return Calibration.NONE;
        }
        if (texts == null) {
            throw new HoneException(
                    Category.USAGE, "the scheme " + scheme + " needs texts like those to come: add --calibrate FILE");
        }
        if (samples < 1) {
            throw new HoneException(
                    Category.USAGE, "--calibration-samples " + samples + ": give a number of at least 1");
        }
        SessionOptions options = SessionOptions.defaults().withThreads(threads).withScheme(scheme);
        CalibrationProgress progress = new CalibrationProgress();
        try {
            return new Calibrator(model, options, Settings.of(ranges), progress)
                    .run(CalibrationTexts.read(texts, model, samples));
        } finally {
            progress.end();
        }
    }
}
