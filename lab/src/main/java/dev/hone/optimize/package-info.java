/** The main job: make a model fast, prove that it still answers the same, and say by how much. */
@NullMarked
package dev.hone.optimize;

import org.jspecify.annotations.NullMarked;
