/** Rows of labelled data from the formats that public sets come in, one after the other. */
@NullMarked
package dev.hone.evaluate.data;

import org.jspecify.annotations.NullMarked;
