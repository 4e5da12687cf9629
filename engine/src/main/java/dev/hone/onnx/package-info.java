/**
 * ONNX graphs edited as they stand: what optimisers and quantisers of that format do, with the operators of ONNX and of
 * ONNX Runtime.
 */
@NullMarked
package dev.hone.onnx;

import org.jspecify.annotations.NullMarked;
