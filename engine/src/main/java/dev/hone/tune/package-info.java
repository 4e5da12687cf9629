/** Finds the schedules that are quickest on this computer, and keeps them. */
@NullMarked
package dev.hone.tune;

import org.jspecify.annotations.NullMarked;
