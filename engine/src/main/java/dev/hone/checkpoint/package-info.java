/** Model files as named tensors, configuration and graphs: safetensors and ONNX, mapped and checked before use. */
@NullMarked
package dev.hone.checkpoint;

import org.jspecify.annotations.NullMarked;
