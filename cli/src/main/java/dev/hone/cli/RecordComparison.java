package dev.hone.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.measure.Interval;
import dev.hone.measure.MedianRatio;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two files of records, record by record.
 *
 * @param lines what changed
 * @param notes what was left out, and what a reader should know
 */
record RecordComparison(List<Line> lines, List<String> notes) {
    private static final List<String> MACHINE = List.of("processor", "cores", "features", "architecture");
    /** Standard deviations of a normal distribution on either side of its middle that hold 95 %. */
    private static final double NORMAL_95 = 1.959964;

    /**
     * What changed in one record.
     *
     * @param what the measured thing: a shape, or a task and a metric
     * @param first median in ms or figure in the first file
     * @param change the second median divided by the first, or the second figure less the first
     * @param interval 95 % interval of the change
     * @param probability of the rank test; none for evaluations
     * @param real whether it is more than the noise of both runs explains
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            String what,
            @JsonProperty("first_name") String firstName,
            @JsonProperty("second_name") String secondName,
            double first,
            double second,
            double change,
            Interval interval,
            @Nullable Double probability,
            boolean real) {}

    /**
     * Compares.
     *
     * @throws HoneException of category {@code INPUT} when the two cannot be compared
     */
    static RecordComparison of(RecordFile first, RecordFile second) {
        if (first.latencies().isEmpty() != second.latencies().isEmpty()) {
            throw new HoneException(
                    Category.INPUT,
                    first.path() + " and " + second.path()
                            + ": one holds latencies and the other evaluations; give two of a kind");
        }
        RecordComparison comparison = new RecordComparison(new ArrayList<>(), new ArrayList<>());
        comparison.requireSameMachine(first, second);
        if (first.latencies().isEmpty()) {
            comparison.compareEvaluations(first, second);
        } else {
            comparison.compareLatencies(first, second);
        }
        if (comparison.lines.isEmpty()) {
            throw new HoneException(
                    Category.INPUT,
                    first.path() + " and " + second.path() + ": nothing in both; "
                            + String.join("; ", comparison.notes));
        }
        return comparison;
    }

    private void requireSameMachine(RecordFile first, RecordFile second) {
        if (first.machine().isMissingNode() || second.machine().isMissingNode()) {
            notes.add("the files do not tell whether both were taken on the same machine: times may differ for that");
            return;
        }
        for (String fact : MACHINE) {
            if (!first.machine().path(fact).equals(second.machine().path(fact))) {
                throw new HoneException(
                        Category.INPUT,
                        first.path() + " and " + second.path() + ": taken on different machines (" + fact + " "
                                + first.machine().path(fact) + " and "
                                + second.machine().path(fact)
                                + "); measure both on one");
            }
        }
    }

    private void compareLatencies(RecordFile first, RecordFile second) {
        for (JsonNode record : first.latencies()) {
            String shape = shape(record);
            JsonNode other = partner(record, shape, first.latencies(), second.latencies());
            if (other == null) {
                notes.add(name(record) + " " + shape + " is only in " + first.path());
            } else {
                compareLatency(record, other, shape);
            }
        }
        for (JsonNode record : second.latencies()) {
            String shape = shape(record);
            if (partner(record, shape, second.latencies(), first.latencies()) == null) {
                notes.add(name(record) + " " + shape + " is only in " + second.path());
            }
        }
    }

    private void compareLatency(JsonNode record, JsonNode other, String shape) {
        double[] turns = turns(record);
        double[] otherTurns = turns(other);
        if (turns.length < MedianRatio.FEWEST || otherTurns.length < MedianRatio.FEWEST) {
            notes.add(name(record) + " " + shape + ": fewer than " + MedianRatio.FEWEST
                    + " turns tell nothing; measure with --repeats 20");
            return;
        }
        MedianRatio ratio = MedianRatio.of(turns, otherTurns);
        lines.add(new Line(
                shape,
                name(record),
                name(other),
                record.get("median_ms").asDouble(),
                other.get("median_ms").asDouble(),
                ratio.ratio(),
                ratio.interval(),
                ratio.probability(),
                ratio.real()));
    }

    private static double[] turns(JsonNode record) {
        return StreamSupport.stream(record.get("repeats_ms").spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .filter(millis -> millis > 0)
                .toArray();
    }

    /** The record of the same engine and precision, else the only one of the shape where it is the only one here. */
    private static @Nullable JsonNode partner(
            JsonNode record, String shape, List<JsonNode> here, List<JsonNode> there) {
        List<JsonNode> fitting =
                there.stream().filter(other -> shape(other).equals(shape)).toList();
        for (JsonNode other : fitting) {
            if (name(other).equals(name(record))) {
                return other;
            }
        }
        boolean alone =
                here.stream().filter(other -> shape(other).equals(shape)).count() == 1;
        return alone && fitting.size() == 1 ? fitting.getFirst() : null;
    }

    private static String name(JsonNode record) {
        return record.path("engine").asText() + " " + record.path("precision").asText();
    }

    private static String shape(JsonNode record) {
        return record.has("batch") && record.has("sequence")
                ? record.get("batch").asText() + "x" + record.get("sequence").asText() + ", "
                        + record.get("threads").asText() + " threads"
                : record.path("task").asText() + ", " + record.path("rows").asText() + " rows";
    }

    private void compareEvaluations(RecordFile first, RecordFile second) {
        for (JsonNode record : first.evaluations()) {
            String shape = shape(record);
            JsonNode other = partner(record, shape, first.evaluations(), second.evaluations());
            if (other == null) {
                notes.add(name(record) + " on " + shape + " is only in " + first.path());
                continue;
            }
            record.path("intervals").properties().forEach(entry -> {
                JsonNode interval = other.path("intervals").path(entry.getKey());
                if (interval.isObject()) {
                    compareFigure(shape + ", " + entry.getKey(), entry.getKey(), record, other);
                }
            });
        }
        notes.add("rows are not paired across files: one hone evaluate with both named (--precision f32,int8) sees"
                + " smaller differences");
    }

    private void compareFigure(String what, String metric, JsonNode record, JsonNode other) {
        double first = record.path("metrics").path(metric).asDouble();
        double second = other.path("metrics").path(metric).asDouble();
        double width = Math.hypot(halfWidth(record, metric), halfWidth(other, metric));
        double change = second - first;
        lines.add(new Line(
                what,
                name(record),
                name(other),
                first,
                second,
                change,
                new Interval(change - width, change + width),
                null,
                Math.abs(change) > width));
    }

    /** Half of an interval, as that of a normal distribution: 1.96 standard deviations. */
    private static double halfWidth(JsonNode record, String metric) {
        JsonNode interval = Objects.requireNonNull(record.path("intervals").path(metric));
        double deviation =
                (interval.path("high").asDouble() - interval.path("low").asDouble()) / (2 * NORMAL_95);
        return NORMAL_95 * deviation;
    }
}
