package dev.hone.quantize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How linear layers of {@link Precision#INT8} are quantised.
 *
 * @param rows whether each row has its own range, or all have one from calibration
 * @param weights whether each output has its own scale, or all have one
 * @param smoothing the strength of {@link SmoothLinear}, which needs calibration; empty for none
 */
public record ByteSettings(Rows rows, Weights weights, OptionalDouble smoothing) {
    /** Nothing that needs calibration, and no more error than necessary. */
    public static final ByteSettings USUAL =
            new ByteSettings(Rows.DYNAMIC, Weights.PER_CHANNEL, OptionalDouble.empty());

    static final String ROWS = "activations";
    static final String WEIGHTS = "weights";
    static final String SMOOTHING = "smooth";

    public ByteSettings {
        smoothing.ifPresent(strength -> {
            if (!(strength >= 0 && strength <= 1)) {
                throw new HoneException(
                        Category.USAGE, SMOOTHING + " " + strength + ": give a strength from 0 to 1, such as 0.5");
            }
        });
    }

    /** Ranges of rows. */
    public enum Rows {
        /** Each row's own. */
        DYNAMIC,
        /** One for all rows, from calibration. */
        STATIC,
        /** One for all rows that reaches as far down as up. */
        STATIC_SYMMETRIC;

        /** @throws HoneException of category USAGE for an unknown label */
        public static Rows parse(String label) {
            return byLabel(values(), ROWS, label);
        }
    }

    /** Scales of weights. */
    public enum Weights {
        PER_CHANNEL,
        PER_TENSOR;

        /** @throws HoneException of category USAGE for an unknown label */
        public static Weights parse(String label) {
            return byLabel(values(), WEIGHTS, label);
        }
    }

    public ByteSettings withRows(Rows wanted) {
        return new ByteSettings(wanted, weights, smoothing);
    }

    public ByteSettings withWeights(Weights wanted) {
        return new ByteSettings(rows, wanted, smoothing);
    }

    public ByteSettings withSmoothing(double strength) {
        return new ByteSettings(rows, weights, OptionalDouble.of(strength));
    }

    /** Whether rows have one range for all. */
    public boolean isStatic() {
        return rows != Rows.DYNAMIC;
    }

    /** Whether a {@link Calibration} is needed. */
    public boolean needsCalibration() {
        return isStatic() || smoothing.isPresent();
    }

    /** The same with one setting as text, such as {@code activations:static}. */
    ByteSettings with(String name, String value) {
        return switch (name) {
            case ROWS -> withRows(Rows.parse(value));
            case WEIGHTS -> withWeights(Weights.parse(value));
            default -> withSmoothing(strength(value));
        };
    }

    static boolean isSetting(String name) {
        return name.equals(ROWS) || name.equals(WEIGHTS) || name.equals(SMOOTHING);
    }

    private static double strength(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException noNumber) {
            throw new HoneException(
                    Category.USAGE, SMOOTHING + " " + value + ": give a strength from 0 to 1, such as 0.5", noNumber);
        }
    }

    /** What differs from the usual, as text that {@link Scheme#parse} reads. */
    List<String> items() {
        List<String> items = new ArrayList<>();
        if (rows != USUAL.rows) {
            items.add(ROWS + ":" + label(rows));
        }
        if (weights != USUAL.weights) {
            items.add(WEIGHTS + ":" + label(weights));
        }
        smoothing.ifPresent(strength -> items.add(SMOOTHING + ":" + strength));
        return items;
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E byLabel(E[] values, String name, String label) {
        return Arrays.stream(values)
                .filter(value -> label(value).equals(label.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new HoneException(
                        Category.USAGE,
                        name + " '" + label + "' is unknown: use one of "
                                + String.join(
                                        ", ",
                                        Arrays.stream(values)
                                                .map(ByteSettings::label)
                                                .toList())));
    }
}
