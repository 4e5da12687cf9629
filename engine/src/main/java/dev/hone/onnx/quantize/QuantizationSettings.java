package dev.hone.onnx.quantize;

import java.util.Optional;

/**
 * What is to be quantised, and how.
 *
 * @param products whether products of two values that are no constants are quantised, too
 * @param form of values with fixed ranges; empty for ranges that are taken while the model runs
 */
public record QuantizationSettings(
        NodeChoice choice, WeightScheme weights, boolean products, Optional<StaticForm> form) {}
