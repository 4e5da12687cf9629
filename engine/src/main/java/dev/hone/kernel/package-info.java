/** One problem is one line of text; each is emitted as a function of LLVM IR. */
@NullMarked
package dev.hone.kernel;

import org.jspecify.annotations.NullMarked;
