package dev.hone.onnx;

import java.util.HashSet;
import java.util.Set;

/** Names that are given out once. */
final class Names {
    private final Set<String> taken = new HashSet<>();

    /** Takes a name; false when it was taken before. */
    boolean take(String name) {
        return taken.add(name);
    }

    /** A free name: the stem, or the stem with a number. */
    String free(String stem) {
        String candidate = stem;
        for (int number = 1; !take(candidate); number++) {
            candidate = stem + "_" + number;
        }
        return candidate;
    }
}
