package dev.hone.cli;

import dev.hone.session.TokenBatch;
import dev.hone.task.TaskConfiguration;
import dev.hone.tokenize.Encoding;
import dev.hone.tokenize.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The texts of a file as token ids, each by itself. */
final class CalibrationTexts {
    private static final String BETWEEN_PAIR = "\t";

    private CalibrationTexts() {}

    /**
     * Reads texts, one a line; empty lines are passed over.
     *
     * @throws dev.hone.HoneException of category INPUT when the file cannot be read
     */
    static List<TokenBatch> read(Path file, Path model, int most) {
        List<String> lines = new ArrayList<>();
        TextSource.read(
                file.toString(),
                chunk -> chunk.stream()
                        .filter(line -> !line.isBlank() && lines.size() < most)
                        .forEach(lines::add));
        int longest = TaskConfiguration.read(model).maximumLength();
        try (TextTokenizer tokenizer = TextTokenizer.open(ModelFacts.folder(model))) {
            return lines.stream()
                    .map(line -> encode(tokenizer, line, longest))
                    .map(encoding -> new TokenBatch(new int[][] {encoding.ids()}, new int[][] {encoding.types()}))
                    .toList();
        }
    }

    private static Encoding encode(TextTokenizer tokenizer, String line, int longest) {
        int between = line.indexOf(BETWEEN_PAIR);
        return between < 0
                ? tokenizer.encode(line, longest)
                : tokenizer.encode(line.substring(0, between), line.substring(between + 1), longest);
    }
}
