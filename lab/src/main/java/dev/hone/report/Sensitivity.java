package dev.hone.report;

import org.jspecify.annotations.Nullable;

/**
 * What happens when one operator alone is lowered.
 *
 * @param place the operator, for example the name of its node
 * @param lowered what was done to it, for example {@code int8}
 * @param error the largest difference of the answers, relative to the largest value; null when not measured
 * @param effect on the score; null when not measured
 */
public record Sensitivity(
        String place,
        String lowered,
        @Nullable Double error,
        @Nullable Difference effect) {}
