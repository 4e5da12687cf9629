/**
 * The optimiser of ONNX files: subgraphs of exported encoders become ONNX Runtime's own operators, what is known before
 * a run is computed once, and every step says what fired and, node by node, why something did not.
 *
 * <p>A fusion checks all that it relies on: the constants' shapes and values, axes, permutations, extents as far as
 * names of axes tell them, and that nobody else reads what vanishes.
 */
@NullMarked
package dev.hone.onnx.optimize;

import org.jspecify.annotations.NullMarked;
