/** Models on labelled data: how right they are, how sure that is, and what the answers cost. */
@NullMarked
package dev.hone.evaluate;

import org.jspecify.annotations.NullMarked;
