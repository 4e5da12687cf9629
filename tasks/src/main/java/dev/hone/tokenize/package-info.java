/** Text in, token ids out: tokenizers of Hugging Face directories with exact offsets and truncation, without padding. */
@NullMarked
package dev.hone.tokenize;

import org.jspecify.annotations.NullMarked;
