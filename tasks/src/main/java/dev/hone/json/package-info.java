/** JSON read with little: the files that stand between a start and its first answer. */
@NullMarked
package dev.hone.json;

import org.jspecify.annotations.NullMarked;
