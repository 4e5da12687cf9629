package dev.hone.transform;

import dev.hone.transform.PassAccount.Refusal;
import java.time.Duration;
import java.util.List;

/** What a pipeline did, pass by pass. */
public record TransformReport(String pipeline, List<Entry> entries) {
    /**
     * One pass.
     *
     * @param places names of what was changed, one for each time that it fired
     * @param nodesBefore nodes of the graph it was given
     * @param nodesAfter nodes of the graph it gave
     */
    public record Entry(
            String pass, List<String> places, int nodesBefore, int nodesAfter, Duration time, List<Refusal> refusals) {
        public Entry {
            places = List.copyOf(places);
            refusals = List.copyOf(refusals);
        }

        public int fired() {
            return places.size();
        }
    }

    public TransformReport {
        entries = List.copyOf(entries);
    }

    public Duration time() {
        return entries.stream().map(Entry::time).reduce(Duration.ZERO, Duration::plus);
    }
}
