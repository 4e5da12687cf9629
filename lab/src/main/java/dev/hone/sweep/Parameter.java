package dev.hone.sweep;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import dev.hone.engines.Engines;
import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.optimize.Switch;
import dev.hone.onnx.quantize.ByteType;
import dev.hone.onnx.quantize.Preset;
import dev.hone.quantize.RangeMethod;
import dev.hone.quantize.Scheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a setting may differ in, by the name of the option that has the same meaning.
 *
 * @param part of a sweep file that it stands in
 * @param isList whether one value is a list of names
 * @param reading checks a value and gives its usual spelling; throws a {@link HoneException} for an unknown one
 */
record Parameter(Part part, String name, boolean isList, UnaryOperator<String> reading) {
    /** Where a parameter stands in a sweep file. */
    enum Part {
        RUN,
        OPTIMIZE,
        QUANTIZE
    }

    static final String ENGINE = "engine";
    static final String PRECISION = "precision";
    static final String LEVEL = "level";
    static final String FLOAT32_OPERATORS = "fp16_exclude";
    static final String ONNX_RUNTIME_ONLY = "optimize_with_onnxruntime_only";
    static final String MODE = "mode";
    static final String PRESET = "preset";
    static final String WEIGHTS = "weights";
    static final String ASYMMETRIC_WEIGHTS = "asymmetric_weights";
    static final String PER_CHANNEL = "per_channel";
    static final String REDUCE_RANGE = "reduce_range";
    static final String OPERATORS = "operators";
    static final String NODES = "nodes";
    static final String EXCLUDE_NODES = "exclude_nodes";
    static final String PRODUCTS = "products";
    static final String STATIC_FORMAT = "static_format";
    static final String ACTIVATIONS = "activations";
    static final String SYMMETRIC_ACTIVATIONS = "symmetric_activations";
    static final String CALIBRATION = "calibration";
    static final String CALIBRATION_SAMPLES = "calibration_samples";
    static final String CALIBRATION_PERCENTILE = "calibration_percentile";

    static final String CALIBRATION_SHARDS = "calibration_shards";
    static final String MEMORY_BUDGET = "memory_budget";

    /** All that there are, in the order in which a setting tells them. */
    static final List<Parameter> ALL = all();

    private static final int MOST_SAMPLES = 100_000;
    private static final int MOST_SHARDS = 10_000;
    private static final int MOST_MEGABYTES = 1_000_000;

    private static List<Parameter> all() {
        List<Parameter> all = new ArrayList<>();
        all.add(one(Part.RUN, ENGINE, text -> Engines.named(text).name()));
        all.add(one(Part.RUN, PRECISION, text -> Scheme.parse(text).toString()));
        all.add(one(Part.OPTIMIZE, LEVEL, text -> Level.parse(text).text()));
        for (Switch each : Switch.values()) {
            all.add(one(Part.OPTIMIZE, nameOf(each), Parameter::yesOrNo));
        }
        all.add(list(Part.OPTIMIZE, FLOAT32_OPERATORS));
        all.add(one(Part.OPTIMIZE, ONNX_RUNTIME_ONLY, Parameter::yesOrNo));
        addQuantizing(all);
        return List.copyOf(all);
    }

    private static void addQuantizing(List<Parameter> all) {
        all.add(one(Part.QUANTIZE, MODE, text -> choice(text, List.of("none", "dynamic", "static"))));
        all.add(one(
                Part.QUANTIZE,
                PRESET,
                text -> Preset.parse(text).map(Preset::label).orElse("auto")));
        all.add(one(Part.QUANTIZE, WEIGHTS, text -> ByteType.parse(text).label()));
        for (String flag : List.of(ASYMMETRIC_WEIGHTS, PER_CHANNEL, REDUCE_RANGE)) {
            all.add(one(Part.QUANTIZE, flag, Parameter::yesOrNo));
        }
        for (String names : List.of(OPERATORS, NODES, EXCLUDE_NODES)) {
            all.add(list(Part.QUANTIZE, names));
        }
        all.add(one(Part.QUANTIZE, PRODUCTS, Parameter::yesOrNo));
        all.add(one(Part.QUANTIZE, STATIC_FORMAT, text -> choice(text, List.of("qdq", "qoperator"))));
        all.add(one(Part.QUANTIZE, ACTIVATIONS, text -> ByteType.parse(text).label()));
        all.add(one(Part.QUANTIZE, SYMMETRIC_ACTIVATIONS, Parameter::yesOrNo));
        all.add(one(Part.QUANTIZE, CALIBRATION, text -> RangeMethod.parse(text).label()));
        all.add(one(Part.QUANTIZE, CALIBRATION_SAMPLES, text -> Integer.toString(count(text, MOST_SAMPLES))));
        all.add(one(Part.QUANTIZE, CALIBRATION_PERCENTILE, Parameter::percentile));
        all.add(one(Part.QUANTIZE, CALIBRATION_SHARDS, text -> Integer.toString(count(text, MOST_SHARDS))));
        all.add(one(Part.QUANTIZE, MEMORY_BUDGET, text -> Integer.toString(count(text, MOST_MEGABYTES))));
    }

    private static Parameter one(Part part, String name, UnaryOperator<String> reading) {
        return new Parameter(part, name, false, reading);
    }

    /** The same names in another order are the same value. */
    private static Parameter list(Part part, String name) {
        return new Parameter(
                part,
                name,
                true,
                text -> String.join(
                        ",",
                        new TreeSet<>(Arrays.stream(text.split(",", -1))
                                .map(String::strip)
                                .toList())));
    }

    /** The name of a switch in a sweep file. */
    static String nameOf(Switch each) {
        return each.name().toLowerCase(Locale.ROOT);
    }

    /** The parameters of a part. */
    static List<Parameter> of(Part part) {
        return ALL.stream().filter(parameter -> parameter.part() == part).toList();
    }

    static String yesOrNo(String text) {
        return choice(text, List.of("true", "false"));
    }

    private static String choice(String text, List<String> known) {
        return NearestName.choose("value", text, known, Function.identity());
    }

    /** A whole number of at least 1. */
    static int count(String text, int most) {
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            number = 0;
        }
        if (number < 1 || number > most) {
            throw new HoneException(Category.USAGE, "'" + text + "': give a whole number from 1 to " + most);
        }
        return number;
    }

    private static String percentile(String text) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException noNumber) {
            number = Double.NaN;
        }
        if (!(number > 50 && number <= 100)) {
            throw new HoneException(Category.USAGE, "'" + text + "': give a number above 50 and up to 100");
        }
        return Double.toString(number);
    }
}
