package dev.hone.onnx.quantize;

/**
 * What became of a node.
 *
 * @param node its name in the file that was read
 * @param operator with its domain where that is not the standard one
 * @param quantized whether it was
 * @param account what it became, or why it stays as it is
 */
public record QuantizedNode(String node, String operator, boolean quantized, String account) {}
