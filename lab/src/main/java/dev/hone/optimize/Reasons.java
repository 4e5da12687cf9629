package dev.hone.optimize;

import dev.hone.optimize.Decision.Judged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Why each way was chosen or not, in sentences. */
final class Reasons {
    private final Field field;
    private final Map<Way, List<String>> byWay = new LinkedHashMap<>();
    private final Set<Way> withdrawn = new HashSet<>();

    Reasons(Field field) {
        this.field = field;
    }

    void add(Way way, String reason) {
        byWay.computeIfAbsent(way, _ -> new ArrayList<>()).add(reason);
    }

    /** Of a way that broke the promise on rows that it was not chosen by, whatever it does on others. */
    void withdraw(Way way, HeldOutCheck check) {
        withdrawn.add(way);
        add(
                way,
                "withdrawn: on held-out rows it loses "
                        + Points.of(-check.difference().difference()) + " points");
    }

    /** What is known of all ways, the original first. */
    List<Trial> trials(Way chosen) {
        List<Judged> complete = field.ways().stream()
                .filter(field::isComplete)
                .map(field::judged)
                .toList();
        List<Trial> trials = new ArrayList<>();
        for (Way way : field.ways()) {
            Judged judged = field.judged(way);
            boolean front = field.isComplete(way) && Decision.isOnFront(judged, complete);
            boolean allowed = judged.isAllowed(field.mostPoints());
            explain(way, allowed, chosen);
            List<String> sentences = byWay.getOrDefault(way, List.of());
            boolean comparison = field.isComparison(way);
            trials.add(field.trial(way, new Trial.Verdict(front, allowed, way.equals(chosen), comparison, sentences)));
        }
        return trials;
    }

    private void explain(Way way, boolean allowed, Way chosen) {
        if (way.isOriginal()) {
            add(way, "the model as it is");
        } else if (way.equals(chosen)) {
            add(way, "the best of those that keep the promise" + asGood(chosen));
        } else if (field.isComparison(way) && field.isComplete(way)) {
            add(
                    way,
                    "is shown for comparison: its ranges come from few rows, which others may leave; here it may lose "
                            + Points.of(-field.difference(way).interval().low()) + " points");
        } else if (!allowed && field.isComplete(way)) {
            add(
                    way,
                    "may lose " + Points.of(-field.difference(way).interval().low()) + " points, more than the "
                            + Points.of(field.mostPoints()) + " that are allowed");
        } else if (allowed && !withdrawn.contains(way)) {
            explainSecondBest(way, chosen);
        }
    }

    private void explainSecondBest(Way way, Way chosen) {
        if (cannotBeTold(way, chosen) && error(way) >= error(chosen)) {
            add(way, "keeps the promise, and gains as much as " + chosen + " as far as could be told");
        } else {
            Way quicker = cannotBeTold(way, chosen) ? best(chosen) : chosen;
            if (field.sureGain(way) <= field.sureGain(quicker)) {
                add(way, "keeps the promise, and surely gains less than " + quicker);
            }
        }
    }

    /** The allowed ways whose gains cannot be told from the chosen one's, as far as they lost against it by answers. */
    private String asGood(Way chosen) {
        List<String> names = candidates()
                .filter(way -> !way.equals(chosen) && cannotBeTold(way, chosen) && error(way) > error(chosen))
                .map(Way::toString)
                .toList();
        return switch (names.size()) {
            case 0 -> "";
            case 1 ->
                "; " + names.getFirst() + " gains as much as far as could be told, and answers less like the original";
            default ->
                "; " + String.join(", ", names) + " gain as much as far as could be told, and answer less like the"
                        + " original";
        };
    }

    /** What surely gains most: the chosen one may gain less, as far as that could be told. */
    private Way best(Way chosen) {
        return candidates().max(Comparator.comparingDouble(field::sureGain)).orElse(chosen);
    }

    private Stream<Way> candidates() {
        return field.ways().stream()
                .filter(way -> !way.isOriginal() && !withdrawn.contains(way))
                .filter(way -> field.judged(way).isAllowed(field.mostPoints()));
    }

    private double error(Way way) {
        return field.judged(way).loss().error();
    }

    private boolean cannotBeTold(Way one, Way other) {
        return field.gains(one).isAsGoodAs(field.gains(other))
                && field.gains(other).isAsGoodAs(field.gains(one));
    }
}
