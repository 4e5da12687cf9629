package dev.hone.task;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts labelled tokens together to entities.
 *
 * <p>Follows the token classification pipeline of transformers 4.57: tokens become words where the strategy asks for
 * it, words become groups of one tag, a {@code B-} starts a group, and groups of the label {@code O} are dropped.
 */
final class EntityGroups {
    private static final String OUTSIDE = "O";

    /**
     * A token of the text.
     *
     * @param word its spelling
     * @param scores a probability for each label
     * @param continues whether it continues the word of the token before it
     */
    @SuppressWarnings("ArrayRecordComponent") // Lives only while one text is read.
    record Piece(int id, String word, Span span, double[] scores, boolean continues) {}

    /** A stretch of the text, in code points. */
    record Span(int start, int end) {}

    /** Tokens with one label. */
    record Tagged(String label, double score, List<Piece> pieces) {
        int start() {
            return pieces.getFirst().span().start();
        }

        int end() {
            return pieces.getLast().span().end();
        }

        /** The label without {@code B-} or {@code I-}. */
        String tag() {
            return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
        }

        boolean begins() {
            return label.startsWith("B-");
        }
    }

    private final List<String> labels;
    private final Aggregation aggregation;

    EntityGroups(List<String> labels, Aggregation aggregation) {
        this.labels = labels;
        this.aggregation = aggregation;
    }

    List<Tagged> of(List<Piece> pieces) {
        return switch (aggregation) {
            case NONE -> inside(tokens(pieces));
            case SIMPLE -> inside(groups(tokens(pieces)));
            case FIRST, AVERAGE, MAX -> inside(groups(words(pieces)));
        };
    }

    private static List<Tagged> inside(List<Tagged> all) {
        return all.stream().filter(tagged -> !tagged.label().equals(OUTSIDE)).toList();
    }

    private List<Tagged> tokens(List<Piece> pieces) {
        return pieces.stream()
                .map(piece -> tagged(piece.scores(), List.of(piece)))
                .toList();
    }

    private List<Tagged> words(List<Piece> pieces) {
        var words = new ArrayList<Tagged>();
        var word = new ArrayList<Piece>();
        for (Piece piece : pieces) {
            if (!word.isEmpty() && !piece.continues()) {
                words.add(word(List.copyOf(word)));
                word.clear();
            }
            word.add(piece);
        }
        if (!word.isEmpty()) {
            words.add(word(List.copyOf(word)));
        }
        return words;
    }

    private Tagged word(List<Piece> pieces) {
        return switch (aggregation) {
            case FIRST -> tagged(pieces.getFirst().scores(), pieces);
            case AVERAGE -> tagged(mean(pieces), pieces);
            case MAX -> tagged(surest(pieces).scores(), pieces);
            case NONE, SIMPLE -> throw new IllegalStateException(aggregation + " does not look at words");
        };
    }

    private static Piece surest(List<Piece> pieces) {
        Piece surest = pieces.getFirst();
        for (Piece piece : pieces) {
            if (piece.scores()[Scores.best(piece.scores())] > surest.scores()[Scores.best(surest.scores())]) {
                surest = piece;
            }
        }
        return surest;
    }

    private double[] mean(List<Piece> pieces) {
        double[] mean = new double[labels.size()];
        for (Piece piece : pieces) {
            for (int label = 0; label < mean.length; label++) {
                mean[label] += piece.scores()[label] / pieces.size();
            }
        }
        return mean;
    }

    private Tagged tagged(double[] scores, List<Piece> pieces) {
        int best = Scores.best(scores);
        return new Tagged(labels.get(best), scores[best], pieces);
    }

    private static List<Tagged> groups(List<Tagged> tokens) {
        var groups = new ArrayList<Tagged>();
        var group = new ArrayList<Tagged>();
        for (Tagged token : tokens) {
            boolean same =
                    !group.isEmpty() && token.tag().equals(group.getLast().tag());
            if (!group.isEmpty() && (!same || token.begins())) {
                groups.add(merged(group));
                group.clear();
            }
            group.add(token);
        }
        if (!group.isEmpty()) {
            groups.add(merged(group));
        }
        return groups;
    }

    private static Tagged merged(List<Tagged> group) {
        double score = group.stream().mapToDouble(Tagged::score).average().orElseThrow();
        List<Piece> pieces =
                group.stream().flatMap(tagged -> tagged.pieces().stream()).toList();
        return new Tagged(group.getFirst().tag(), score, pieces);
    }
}
