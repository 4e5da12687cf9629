/** Text in, answer out: embeddings, classification, tokens, question answering and masked tokens on any encoder. */
@NullMarked
package dev.hone.task;

import org.jspecify.annotations.NullMarked;
