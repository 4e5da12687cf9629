/** What every layer shares: the one exception family of the project. */
@NullMarked
package dev.hone;

import org.jspecify.annotations.NullMarked;
