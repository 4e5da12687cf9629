package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.Arrays;
import java.util.Locale;

/** What a search makes better. */
public enum Objective {
    /** Time of a single text: the user's own, or sequences of given lengths. */
    LATENCY,
    /** The user's texts a second, many in a call. */
    THROUGHPUT,
    /** Bytes of the compiled model on disk. */
    SIZE,
    /** Bytes by which a process grows that opens the model. */
    MEMORY;

    /** @throws HoneException of category {@code USAGE} for an unknown name */
    public static Objective parse(String name) {
        for (Objective objective : values()) {
            if (objective.label().equals(name.toLowerCase(Locale.ROOT))) {
                return objective;
            }
        }
        throw new HoneException(
                Category.USAGE,
                "--objective " + name + ": use one of "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(Objective::label).toList()));
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
