/** The truth of every test: a slow, obvious interpreter of graphs in plain Java. */
@NullMarked
package dev.hone.reference;

import org.jspecify.annotations.NullMarked;
