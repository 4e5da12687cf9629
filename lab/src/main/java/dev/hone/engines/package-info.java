/** Hone and its peers behind one interface, so that a comparison differs in nothing but the engine. */
@NullMarked
package dev.hone.engines;

import org.jspecify.annotations.NullMarked;
