/** The one representation of a model: an immutable, typed graph with symbolic batch and length, and its text form. */
@NullMarked
package dev.hone.graph;

import org.jspecify.annotations.NullMarked;
