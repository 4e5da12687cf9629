/** LLVM's C interface, and a compiler from LLVM IR text to object code on top of it. */
@NullMarked
package dev.hone.nativecode.llvm;

import org.jspecify.annotations.NullMarked;
