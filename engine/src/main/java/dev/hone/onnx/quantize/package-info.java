/**
 * The large products of ONNX graphs in bytes, with the operators of ONNX and of ONNX Runtime: dynamic (ranges are taken
 * from each batch) and static (ranges are constants that were measured before).
 */
@NullMarked
package dev.hone.onnx.quantize;

import org.jspecify.annotations.NullMarked;
