/** Element types, symbolic shapes, and constant tensors over native or mapped memory. */
@NullMarked
package dev.hone.tensor;

import org.jspecify.annotations.NullMarked;
