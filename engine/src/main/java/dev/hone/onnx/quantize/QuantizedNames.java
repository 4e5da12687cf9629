package dev.hone.onnx.quantize;

/** Names of the values that together stand for a quantised one. */
record QuantizedNames(String bytes, String scale, String zero) {}
