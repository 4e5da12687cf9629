package dev.hone.tensor;

import java.util.Locale;

/**
 * From which to which number rows are quantised: a fixed range, or each row's own.
 *
 * @param low not above zero
 * @param high not below zero; both are 0 in {@link #OWN}
 */
public record RowRange(float low, float high) {
    /** Each row's own range: dynamic quantisation. */
    public static final RowRange OWN = new RowRange(0, 0);

    private static final String OWN_TEXT = "own";
    private static final int LARGEST = 255;

    /** Far below what rows hold, and far above where the inverse of a step is infinite. */
    private static final float SMALLEST = 0x1p-100f;

    public RowRange {
        float width = high - low;
        if (!(low <= 0 && high >= 0 && Float.isFinite(width) && (width == 0 || width >= SMALLEST))) {
            throw new IllegalArgumentException("no range from " + low + " to " + high);
        }
    }

    /** The range that holds zero, and the numbers from one to the other; {@link #OWN} where they are nearly one. */
    public static RowRange of(double low, double high) {
        float least = (float) Math.min(0, low);
        float most = (float) Math.max(0, high);
        return most - least < SMALLEST ? OWN : new RowRange(least, most);
    }

    public boolean isOwn() {
        return low == 0 && high == 0;
    }

    /** The smallest range around this one that reaches as far down as up; {@link #OWN} stays what it is. */
    public RowRange symmetric() {
        if (isOwn()) {
            return OWN;
        }
        float reach = Math.max(-low, high);
        return new RowRange(-reach, reach);
    }

    /** What a number is multiplied by; 0 where the range is empty. */
    public float inverse() {
        float range = high - low;
        return range > 0 ? LARGEST / range : 0;
    }

    /** The float between neighbouring bytes. */
    public float step() {
        return (high - low) / LARGEST;
    }

    /** The byte that stands for 0. */
    public int zero() {
        return Math.clamp((long) Math.rint((double) (-low * inverse())), 0, LARGEST);
    }

    /** Reads what {@link #toString} writes; throws {@link IllegalArgumentException} for anything else. */
    public static RowRange parse(String text) {
        if (text.equals(OWN_TEXT)) {
            return OWN;
        }
        String[] bounds = text.split(" ", -1);
        if (bounds.length != 2) {
            throw new IllegalArgumentException("no range: " + text);
        }
        return new RowRange(Float.parseFloat(bounds[0]), Float.parseFloat(bounds[1]));
    }

    @Override
    public String toString() {
        return isOwn() ? OWN_TEXT : String.format(Locale.ROOT, "%s %s", low, high);
    }
}
