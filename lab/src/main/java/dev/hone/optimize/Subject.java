package dev.hone.optimize;

import dev.hone.graph.Op.Pooling;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The model to be optimised, with what is needed to put texts in and get embeddings out.
 *
 * @param name what reports call it
 * @param path a directory in the layout of Hugging Face, or an ONNX file
 * @param tokenizer ids of a text with special tokens, cut to what the model takes
 * @param pooling how rows become an embedding, for engines whose model ends before that
 * @param vocabulary number of token ids
 */
public record Subject(String name, Path path, Function<String, int[]> tokenizer, Pooling pooling, int vocabulary) {}
