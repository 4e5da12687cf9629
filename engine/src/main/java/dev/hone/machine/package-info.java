/** What this computer can do: vector instructions, caches, and the cores that the container allows. */
@NullMarked
package dev.hone.machine;

import org.jspecify.annotations.NullMarked;
