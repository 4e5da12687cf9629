/** How right answers are: figures that agree with the public scripts, their intervals, and tests of differences. */
@NullMarked
package dev.hone.evaluate.metric;

import org.jspecify.annotations.NullMarked;
