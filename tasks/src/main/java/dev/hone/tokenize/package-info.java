/** Text in, token ids out: Hugging Face tokenizers with exact offsets and truncation, without padding. */
@NullMarked
package dev.hone.tokenize;

import org.jspecify.annotations.NullMarked;
