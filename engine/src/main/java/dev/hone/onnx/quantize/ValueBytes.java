package dev.hone.onnx.quantize;

/** Makes bytes of the values of a graph, once for each value. */
@FunctionalInterface
interface ValueBytes {
    QuantizedNames of(String value);
}
