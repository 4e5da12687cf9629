/** The façade of the engine: open a model, optimise, compile, run. */
@NullMarked
package dev.hone.session;

import org.jspecify.annotations.NullMarked;
