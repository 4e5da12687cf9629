/** What ONNX Runtime finds when it runs models on texts: ranges of values inside, and how far answers have moved. */
@NullMarked
package dev.hone.calibrate;

import org.jspecify.annotations.NullMarked;
