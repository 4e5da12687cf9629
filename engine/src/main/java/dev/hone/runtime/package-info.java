/** Runs compiled plans: buffers, the thread team, steps. Knows nothing of LLVM. */
@NullMarked
package dev.hone.runtime;

import org.jspecify.annotations.NullMarked;
