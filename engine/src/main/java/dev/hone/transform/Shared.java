package dev.hone.transform;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that the first of several changes makes and the others use. */
final class Shared<T> {
    private @Nullable T made;

    T get(Supplier<T> maker) {
        T known = made;
        if (known == null) {
            known = maker.get();
            made = known;
        }
        return known;
    }
}
