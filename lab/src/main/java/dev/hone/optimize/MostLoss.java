package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.Locale;

/**
 * What a candidate may lose of the score.
 *
 * @param relative whether the amount is a part of the original's score; otherwise it is in points, of which the best
 *     score has a hundred
 * @param amount a part from 0 to 1, or points from 0 to 100
 */
public record MostLoss(boolean relative, double amount) {
    private static final double HUNDRED = 100;

    /**
     * Reads {@code 1%}, a part of the original's score, or {@code 0.5}, half a point of a hundred whatever the score
     * is.
     *
     * @throws HoneException of category {@code USAGE} for anything else
     */
    public static MostLoss parse(String text) {
        boolean percent = text.strip().endsWith("%");
        String number = percent ? text.strip().substring(0, text.strip().length() - 1) : text;
        try {
            double value = Double.parseDouble(number.strip());
            if (value >= 0 && value <= HUNDRED) {
                return new MostLoss(percent, percent ? value / HUNDRED : value);
            }
        } catch (NumberFormatException notANumber) {
            // Answered below, as a number out of range is.
        }
        throw new HoneException(
                Category.USAGE,
                "--max-loss " + text
                        + ": give a part of the original's score such as 1%, or points of a hundred such as 0.5");
    }

    /** Points of a hundred that may be lost of a score in points. */
    public double points(double originalPoints) {
        return relative ? amount * Math.abs(originalPoints) : amount;
    }

    /** As it was given. */
    @Override
    public String toString() {
        String number = String.format(Locale.ROOT, "%.4f", relative ? HUNDRED * amount : amount);
        String plain = number.replaceFirst("\\.?0+$", "");
        return relative ? plain + "%" : plain;
    }
}
