package dev.hone.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Json;
import dev.hone.profile.ModelProfile.TimedRun;
import dev.hone.runtime.PieceProfile;
import dev.hone.runtime.PlanStep;
import dev.hone.runtime.StepWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run as a file for Perfetto or any other reader of trace events: a track for each worker, an event for each step
 * and for each wait, times in microseconds from the start.
 *
 * @see <a href="https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU">Trace Event Format</a>
 */
public final class RunTrace {
    private static final int PROCESS = 1;
    private static final String COMPLETE = "X";
    private static final String METADATA = "M";
    /** Waits that are shorter would only hide the steps between them. */
    private static final long SHORTEST_WAIT_NANOS = 100;

    private final List<PlanStep> plan;
    private final long start;
    private final List<Event> events = new ArrayList<>();

    /** The whole file. */
    private record Trace(
            @JsonProperty("traceEvents") List<Event> events,
            @JsonProperty("displayTimeUnit") String unit) {}

    /** An event with the names of the format. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Event(
            String name,
            @JsonProperty("cat") @Nullable String category,
            @JsonProperty("ph") String phase,
            @JsonProperty("ts") @Nullable Double micros,
            @JsonProperty("dur") @Nullable Double duration,
            int pid,
            int tid,
            Map<String, Object> args) {}

    /** A stretch of time on a worker's track. */
    private record Span(int worker, long from, long to) {}

    private RunTrace(List<PlanStep> plan, long start) {
        this.plan = List.copyOf(plan);
        this.start = start;
    }

    /**
     * The content of the file.
     *
     * @param title names the process, for example the model and the shape
     */
    public static String json(String title, List<PlanStep> plan, TimedRun run) {
        RunTrace trace = new RunTrace(plan, run.tokenizingSince());
        trace.name("process_name", 0, title);
        int workers = run.run().pieces().getFirst().workers();
        for (int worker = 0; worker < workers; worker++) {
            trace.name("thread_name", worker, worker == 0 ? "worker 0 (caller)" : "worker " + worker);
        }
        if (run.tokenizedAt() > run.tokenizingSince()) {
            trace.span("tokenize", "text", new Span(0, run.tokenizingSince(), run.tokenizedAt()), Map.of());
        }
        run.run().pieces().forEach(trace::piece);
        return Json.line(new Trace(trace.events, "ms")) + "\n";
    }

    private void piece(PieceProfile piece) {
        Map<String, Object> size = Map.of("rows", piece.rows(), "sequences", piece.sequences());
        span("copy inputs", "copy", new Span(0, piece.start(), piece.called()), size);
        for (int worker = 0; worker < piece.workers(); worker++) {
            span("wake", "wait", new Span(worker, piece.called(), piece.begin(worker, 0)), Map.of());
            for (int step = 0; step < plan.size(); step++) {
                long end = piece.end(worker, step);
                span(name(step), "step", new Span(worker, piece.begin(worker, step), end), about(piece, step));
                if (piece.waited(worker, step) >= SHORTEST_WAIT_NANOS) {
                    span("wait", "wait", new Span(worker, end, end + piece.waited(worker, step)), Map.of());
                }
            }
        }
        span("copy answers", "copy", new Span(0, piece.returned(), piece.end()), size);
    }

    private String name(int step) {
        Integer layer = LayerName.of(plan.get(step).node());
        return plan.get(step).kind() + (layer == null ? "" : " " + layer);
    }

    private Map<String, Object> about(PieceProfile piece, int step) {
        StepWork work = piece.work().get(step);
        Map<String, Object> about = new TreeMap<>();
        about.put("step", step);
        about.put("node", plan.get(step).node());
        about.put("problem", plan.get(step).problem());
        about.put("operations", work.operations());
        about.put("weight_bytes", work.weightBytes());
        about.put("row_bytes", work.rowBytes());
        return about;
    }

    private void name(String what, int worker, String name) {
        events.add(new Event(what, null, METADATA, null, null, PROCESS, worker, Map.of("name", name)));
    }

    private void span(String name, String category, Span span, Map<String, Object> args) {
        double since = (span.from() - start) / 1e3;
        double micros = (span.to() - span.from()) / 1e3;
        events.add(new Event(name, category, COMPLETE, since, micros, PROCESS, span.worker(), args));
    }
}
