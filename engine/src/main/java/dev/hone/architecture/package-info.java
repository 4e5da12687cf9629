/** BERT and its relatives: a configuration and named weights become a fused graph with the model's head. */
@NullMarked
package dev.hone.architecture;

import org.jspecify.annotations.NullMarked;
