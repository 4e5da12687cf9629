/** Compiled models on disk: machine code, packed weights and the graph, opened without a compiler. */
@NullMarked
package dev.hone.artefact;

import org.jspecify.annotations.NullMarked;
