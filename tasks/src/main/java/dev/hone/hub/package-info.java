/** Models and data sets by their names on the Hugging Face hub, through the cache that other tools use too. */
@NullMarked
package dev.hone.hub;

import org.jspecify.annotations.NullMarked;
