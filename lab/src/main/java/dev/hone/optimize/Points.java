package dev.hone.optimize;

import java.util.Locale;

/** Points of a hundred, as text. */
public final class Points {
    private Points() {}

    /** With two digits behind the point. */
    public static String of(double points) {
        return String.format(Locale.ROOT, "%.2f", points == 0 ? 0 : points);
    }

    /** With its sign. */
    public static String signed(double points) {
        return String.format(Locale.ROOT, "%+.2f", points == 0 ? 0 : points);
    }
}
