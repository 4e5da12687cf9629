/** The only packages that call the foreign linker: compiling, loading and the operating system. */
@NullMarked
package dev.hone.nativecode;

import org.jspecify.annotations.NullMarked;
