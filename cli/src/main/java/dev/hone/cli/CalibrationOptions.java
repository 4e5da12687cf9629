package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import dev.hone.calibrate.Calibration;
import dev.hone.calibrate.TokenTexts;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.engines.ModelFiles;
import dev.hone.onnx.quantize.ByteType;
import dev.hone.onnx.quantize.StaticForm;
import dev.hone.optimize.SamplePair;
import dev.hone.quantize.RangeMethod;
import dev.hone.session.TokenBatch;
import dev.hone.task.TaskConfiguration;
import dev.hone.task.TextInput;
import dev.hone.tokenize.TextTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Fixed ranges, the texts that they are measured on, and those on which a model is held against its original. */
final class CalibrationOptions {
    private static final int LONGEST = 128;
    private static final int HELD_OUT = 100;
    private static final int HELD_OUT_OF = 5;
    private static final long SEED = 11;

    @Option(names = "--static", description = "Ranges of values are measured before; otherwise taken in each run.")
    private boolean fixed;

    @Option(
            names = "--static-format",
            paramLabel = "F",
            description = "qdq (pairs of QuantizeLinear and DequantizeLinear) or qoperator; default: ${DEFAULT-VALUE}.")
    private String staticFormat = "qdq";

    @Option(names = "--activations", paramLabel = "T", description = "u8 or s8, with --static: ${DEFAULT-VALUE}.")
    private String activations = "u8";

    @Option(names = "--symmetric-activations", description = "Ranges of values even about 0, with --static.")
    private boolean symmetric;

    @Option(
            names = "--calibrate",
            paramLabel = "FILE",
            description =
                    "Texts, one a line, or labelled data as evaluate takes them: a file, a directory or hf:NAME of"
                            + " the hub; default: bundled ones.")
    private @Nullable Path calibrated;

    @Option(
            names = "--calibration",
            paramLabel = "M",
            description = "minmax, average, percentile or entropy: ${DEFAULT-VALUE}.")
    private String method = "minmax";

    @Option(names = "--calibration-samples", paramLabel = "N", description = "Texts to calibrate on: ${DEFAULT-VALUE}.")
    private int samples = 100;

    @Option(
            names = "--calibration-percentile",
            paramLabel = "P",
            description = "Of the numbers inside the range: ${DEFAULT-VALUE}.")
    private double percentile = 99.999;

    @Option(
            names = "--calibration-shards",
            paramLabel = "N",
            description = "Run all texts at least that often, each time for a part of the values: ${DEFAULT-VALUE}.")
    private int shards = 1;

    @Option(
            names = "--memory-budget",
            paramLabel = "MB",
            description = "Megabytes that measured values of one run may take: ${DEFAULT-VALUE}.")
    private int budget = 512;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description =
                    "Texts to compare answers on, as --calibrate takes them; default: every fifth of those, or bundled"
                            + " ones.")
    private @Nullable Path compared;

    @Option(
            names = "--no-compare",
            description = "Write the file without a comparison of its answers with the original's.")
    private boolean silent;

    private @Nullable List<TextInput> drawn;

    boolean compares() {
        return !silent;
    }

    /** The form of fixed ranges; nothing for ranges that are taken in each run. */
    Optional<StaticForm> form() {
        if (!fixed) {
            if (symmetric || !activations.equals("u8")) {
                throw new HoneException(
                        Category.USAGE,
                        "--symmetric-activations and --activations need --static: DynamicQuantizeLinear has u8 values"
                                + " of an asymmetric range only");
            }
            return Optional.empty();
        }
        StaticForm.Format form = NearestName.choose(
                "format", staticFormat, List.of(StaticForm.Format.values()), StaticForm.Format::label);
        ByteType type = ByteType.parse(activations);
        return Optional.of(new StaticForm(form, type, symmetric));
    }

    Calibration calibration(int threads) {
        if (!(percentile > 50 && percentile <= 100) || samples < 1 || shards < 1 || budget < 1) {
            throw new HoneException(
                    Category.USAGE,
                    "--calibration-percentile takes numbers above 50 and up to 100, --calibration-samples,"
                            + " --calibration-shards and --memory-budget take numbers of at least 1");
        }
        return new Calibration(RangeMethod.parse(method), percentile, shards, budget * 1_000_000L, threads);
    }

    /** Sequences to measure ranges on. */
    List<TokenBatch> texts(Path model) {
        return encoded(model, fifths(false, model, samples));
    }

    /** Sequences that nothing was calibrated on. */
    List<TokenBatch> heldOut(Path model) {
        return encoded(model, toCompare(model));
    }

    private List<TextInput> toCompare(Path model) {
        if (compared != null) {
            return everyText(compared, model, HELD_OUT);
        }
        return fixed ? fifths(true, model, HELD_OUT) : everyText(calibrated, model, HELD_OUT);
    }

    /** Texts to share out: the same ones for both shares, which may come from far away. */
    private List<TextInput> drawn(Path model) {
        if (drawn == null) {
            long most = (long) Math.max(samples, HELD_OUT) * HELD_OUT_OF;
            drawn = everyText(calibrated, model, (int) Math.min(Integer.MAX_VALUE, most));
        }
        return drawn;
    }

    /** Every fifth text, or all the others. */
    private List<TextInput> fifths(boolean those, Path model, int most) {
        List<TextInput> all = drawn(model);
        List<TextInput> chosen = new ArrayList<>();
        for (int index = 0; index < all.size(); index++) {
            if ((index % HELD_OUT_OF == HELD_OUT_OF - 1) == those) {
                chosen.add(all.get(index));
            }
        }
        // Of fewer than five texts none is held out: better the same texts than no comparison.
        List<TextInput> texts = chosen.isEmpty() ? all : chosen;
        return texts.subList(0, Math.min(most, texts.size()));
    }

    private static List<TextInput> everyText(@Nullable Path place, Path model, int most) {
        if (place == null) {
            return SamplePair.texts(SamplePair.bundled()).stream()
                    .limit(most)
                    .map(TextInput::of)
                    .toList();
        }
        TaskConfiguration configuration = TaskConfiguration.read(model);
        return CalibrationTexts.labelled(place, configuration, most)
                .orElseGet(() -> TokenTexts.lines(place, most).stream()
                        .map(TextInput::of)
                        .toList());
    }

    private static List<TokenBatch> encoded(Path model, List<TextInput> texts) {
        Path folder = ModelDirectory.of(model);
        int longest = Math.min(LONGEST, ModelFiles.find(model).maximumLength());
        if (!Files.exists(folder.resolve("tokenizer.json")) && !Files.exists(folder.resolve("vocab.txt"))) {
            int vocabulary = TokenTexts.vocabulary(model);
            return TokenTexts.drawn(texts.size(), vocabulary, longest, SEED + texts.size());
        }
        try (TextTokenizer tokenizer = TextTokenizer.open(folder)) {
            return TokenTexts.encoded(texts, tokenizer, longest);
        }
    }
}
