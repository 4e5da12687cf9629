package dev.hone.optimize;

import dev.hone.evaluate.metric.Bootstrap.Difference;

/**
 * What happens when one layer alone is lowered.
 *
 * @param layer its readable name
 * @param precision that it took while all others stayed in f32
 * @param error the largest difference of the outputs, relative to the largest value
 * @param difference of the score, in points
 */
public record LayerEffect(String layer, String precision, double error, Difference difference) {}
