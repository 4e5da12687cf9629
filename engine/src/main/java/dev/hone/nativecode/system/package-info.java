/** Loads machine code into memory and speaks to the operating system. */
@NullMarked
package dev.hone.nativecode.system;

import org.jspecify.annotations.NullMarked;
