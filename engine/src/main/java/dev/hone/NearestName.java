package dev.hone;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The known name that somebody may have meant by an unknown one. */
public final class NearestName {
    /** A name further away than this is no misspelling. */
    private static final int MOST_EDITS = 3;

    private NearestName() {}

    /** The known name with the fewest edits from a given one, when that is close enough to be a misspelling. */
    public static Optional<String> of(String given, Collection<String> known) {
        int best = Math.min(MOST_EDITS, Math.max(1, given.length() / 2)) + 1;
        Optional<String> nearest = Optional.empty();
        for (String name : known) {
            int edits = edits(given, name);
            if (edits < best) {
                best = edits;
                nearest = Optional.of(name);
            }
        }
        return nearest;
    }

    /** The nearest known name as the end of a message, {@code "; did you mean NAME?"}, or nothing. */
    public static String question(String given, Collection<String> known) {
        return of(given, known).map(name -> "; did you mean " + name + "?").orElse("");
    }

    /**
     * The value of a label, in whatever case that is given.
     *
     * @param kind what is chosen, for the message
     * @throws HoneException of category {@code USAGE}, with all labels and the nearest, for an unknown one
     */
    public static <T> T choose(String kind, String given, List<T> values, Function<T, String> label) {
        List<String> known = values.stream().map(label).toList();
        int found = known.indexOf(given.toLowerCase(Locale.ROOT));
        if (found < 0) {
            throw new HoneException(
                    HoneException.Category.USAGE,
                    "unknown " + kind + " '" + given + "': use one of " + String.join(", ", known)
                            + question(given, known));
        }
        return values.get(found);
    }

    /** Levenshtein's distance: the fewest insertions, deletions and replacements of characters. */
    public static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
