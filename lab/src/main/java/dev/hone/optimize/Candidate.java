package dev.hone.optimize;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Latency;
import dev.hone.measure.ThroughputBenchmark.Throughput;
import dev.hone.quantize.Precision;
import java.util.List;

/**
 * One way to run the model, with everything that was measured of it.
 *
 * @param openMillis from the path to a session that can answer, compilation included
 * @param firstAnswerMillis the first call of that session
 * @param fidelity compared with the original; the original compared with itself shows its own correlation
 */
public record Candidate(
        @JsonProperty("candidate") String name,
        String engine,
        String engineVersion,
        String precision,
        @JsonProperty("open_ms") double openMillis,
        @JsonProperty("first_answer_ms") double firstAnswerMillis,
        Fidelity fidelity,
        List<Latency> latency,
        List<Throughput> throughput) {
    public Candidate {
        latency = List.copyOf(latency);
        throughput = List.copyOf(throughput);
    }

    /** Whether it may be chosen when a lower precision may lose this part of the original's rank correlation. */
    public boolean isAllowed(double mostLoss) {
        boolean lower = !precision.equals(Precision.F32.label());
        return fidelity.isFaithful() || (lower && mostLoss > 0 && fidelity.loss() <= mostLoss);
    }

    /** The geometric mean of the medians over all shapes, in milliseconds. */
    public double typicalMillis() {
        double logarithms = 0;
        for (Latency cell : latency) {
            logarithms += Math.log(cell.medianMillis());
        }
        return Math.exp(logarithms / latency.size());
    }
}
