/** A grid of optimised and quantised ONNX files of a model, each measured beside the original. */
@NullMarked
package dev.hone.sweep;

import org.jspecify.annotations.NullMarked;
