package dev.hone.evaluate.metric;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * F1 of whole entities by the rules of the CoNLL-2000 scorer: an entity is right when its type, first and last word
 * are.
 *
 * <p>A tag is {@code O} or a type behind {@code B-}, {@code I-}, {@code E-} or {@code S-}. An entity begins at
 * {@code B} or {@code S}, after {@code O}, after {@code E} or {@code S}, and where the type changes, so that an
 * {@code I} without a {@code B} begins one too.
 */
public final class EntityScoring implements Scoring {
    private static final int RIGHT = 0;
    private static final int ANSWERED = 1;
    private static final int GOLD = 2;
    private static final int RIGHT_WORDS = 3;
    private static final int WORDS = 4;
    private static final String OUTSIDE = "O";

    /** Words {@code start} to before {@code end} of a sentence. */
    record Entity(String type, int start, int end) {}

    private record Tag(char place, String type) {
        static Tag parse(String tag) {
            if (tag.equals(OUTSIDE)) {
                return new Tag('O', "");
            }
            boolean marked = tag.length() > 2 && tag.charAt(1) == '-' && "BIES".indexOf(tag.charAt(0)) >= 0;
            return marked ? new Tag(tag.charAt(0), tag.substring(2)) : new Tag('I', tag);
        }

        boolean outside() {
            return place == 'O';
        }

        boolean continues(Tag before) {
            boolean inside = !outside() && place != 'B' && place != 'S';
            return inside
                    && type.equals(before.type)
                    && !before.outside()
                    && before.place != 'E'
                    && before.place != 'S';
        }
    }

    /** The numbers of a sentence; both lists have a tag for each word. */
    public static double[] row(List<String> gold, List<String> answered) {
        if (gold.size() != answered.size()) {
            throw new IllegalArgumentException(gold.size() + " words with " + answered.size() + " answered tags");
        }
        Set<Entity> expected = entities(gold);
        Set<Entity> found = entities(answered);
        double[] row = new double[WORDS + 1];
        row[ANSWERED] = found.size();
        row[GOLD] = expected.size();
        row[RIGHT] = found.stream().filter(expected::contains).count();
        row[WORDS] = gold.size();
        for (int word = 0; word < gold.size(); word++) {
            row[RIGHT_WORDS] += gold.get(word).equals(answered.get(word)) ? 1 : 0;
        }
        return row;
    }

    static Set<Entity> entities(List<String> tags) {
        var entities = new HashSet<Entity>();
        Tag before = Tag.parse(OUTSIDE);
        int start = 0;
        for (int word = 0; word <= tags.size(); word++) {
            Tag tag = Tag.parse(word < tags.size() ? tags.get(word) : OUTSIDE);
            if (!tag.continues(before)) {
                if (!before.outside()) {
                    entities.add(new Entity(before.type(), start, word));
                }
                start = word;
            }
            before = tag;
        }
        return entities;
    }

    @Override
    public int width() {
        return WORDS + 1;
    }

    @Override
    public Map<String, Double> metrics(Sample sample) {
        double right = sample.sum(RIGHT);
        double answered = sample.sum(ANSWERED);
        double gold = sample.sum(GOLD);
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("precision", quotient(right, answered));
        metrics.put("recall", quotient(right, gold));
        metrics.put("f1", quotient(2 * right, answered + gold));
        metrics.put("word_accuracy", quotient(sample.sum(RIGHT_WORDS), sample.sum(WORDS)));
        return metrics;
    }

    private static double quotient(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
