/** Passes over graphs: rules that simplify exported graphs and fuse them, and the account of what fired and what did not. */
@NullMarked
package dev.hone.transform;

import org.jspecify.annotations.NullMarked;
