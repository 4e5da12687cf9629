package dev.hone.optimize;

import dev.hone.optimize.Decision.Judged;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why each way was chosen or not, in sentences. */
final class Reasons {
    private final Field field;
    private final Map<Way, List<String>> byWay = new LinkedHashMap<>();

    Reasons(Field field) {
        this.field = field;
    }

    void add(Way way, String reason) {
        byWay.computeIfAbsent(way, _ -> new ArrayList<>()).add(reason);
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
        } else if (allowed && cannotBeTold(way, chosen)) {
            add(way, "keeps the promise, and gains as much as " + chosen + " as far as could be told");
        } else if (allowed && field.sureGain(way) <= field.sureGain(chosen)) {
            add(way, "keeps the promise, and surely gains less than " + chosen);
        }
    }

    /** The allowed ways whose gains cannot be told from the chosen one's. */
    private String asGood(Way chosen) {
        List<String> names = field.ways().stream()
                .filter(way -> !way.isOriginal() && !way.equals(chosen))
                .filter(way -> field.judged(way).isAllowed(field.mostPoints()))
                .filter(way -> cannotBeTold(way, chosen))
                .map(Way::toString)
                .toList();
        return names.isEmpty()
                ? ""
                : "; " + String.join(", ", names) + " gains as much as far as could be told, and answers less like the"
                        + " original";
    }

    private boolean cannotBeTold(Way one, Way other) {
        return field.gains(one).isAsGoodAs(field.gains(other))
                && field.gains(other).isAsGoodAs(field.gains(one));
    }
}
