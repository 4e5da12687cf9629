/** Passes over graphs: rules that simplify and fuse exported graphs, and the account of what fired and what did not. */
@NullMarked
package dev.hone.transform;

import org.jspecify.annotations.NullMarked;
