package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;

/** Parts of a whole as people write them: {@code 1%}, {@code 0.5%} or {@code 0.005}. */
final class Percentage {
    private static final double HUNDRED = 100;

    private Percentage() {}

    /** @throws HoneException of category {@code USAGE} when the text is no part from 0 to 1 */
    static double parse(String option, String text) {
        boolean percent = text.strip().endsWith("%");
        String number = percent ? text.strip().substring(0, text.strip().length() - 1) : text;
        try {
            double part = Double.parseDouble(number.strip()) / (percent ? HUNDRED : 1);
            if (part >= 0 && part <= 1) {
                return part;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below, as a number out of range is.
        }
        throw new HoneException(Category.USAGE, option + " " + text + ": give a part of the whole such as 1% or 0.01");
    }
}
