package dev.hone.task;

import org.jspecify.annotations.Nullable;

/** A text, or a pair of texts for tasks that judge two together. */
public record TextInput(String text, @Nullable String second) {
    public static TextInput of(String text) {
        return new TextInput(text, null);
    }

    public static TextInput pair(String first, String second) {
        return new TextInput(first, second);
    }
}
