/** Lower precisions: which layers take them, what becomes of their weights, and what is said of the others. */
@NullMarked
package dev.hone.quantize;

import org.jspecify.annotations.NullMarked;
