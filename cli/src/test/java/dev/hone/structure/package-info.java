/** Rules about the sources themselves: who may import whom, who may call what, and how large things may grow. */
@NullMarked
package dev.hone.structure;

import org.jspecify.annotations.NullMarked;
