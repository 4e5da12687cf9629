package dev.hone.profile;

import dev.hone.measure.PeakRate;
import dev.hone.measure.ReadRate;
import dev.hone.runtime.StepWork;
import dev.hone.tensor.DType;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the machine can do at most with some number of threads: the roofline that steps are held against.
 *
 * <p>Weights are read once a run, so the rate of reading them is that of reading as many bytes again and again: from a
 * cache when they fit there, from memory when not. Rows lie in a few buffers that follow each other closely, so theirs
 * is the rate of reading as many bytes as the step with the most rows moves.
 *
 * @param operations a second, for each arithmetic that occurs
 * @param weightBytes a second
 * @param rowBytes a second
 */
public record MachineLimits(Map<DType, Double> operations, double weightBytes, double rowBytes) {
    public MachineLimits {
        operations = Collections.unmodifiableMap(new TreeMap<>(operations));
    }

    /** Measures for up to some seconds what matters to the given steps of one run. */
    public static MachineLimits measure(int threads, Collection<StepWork> steps) {
        Map<DType, Double> operations = new EnumMap<>(DType.class);
        long weights = 0;
        long rows = 0;
        for (StepWork step : steps) {
            if (step.operations() > 0) {
                operations.computeIfAbsent(step.arithmetic(), each -> PeakRate.measure(threads, each));
            }
            weights += step.weightBytes();
            rows = Math.max(rows, step.rowBytes());
        }
        return new MachineLimits(operations, ReadRate.measure(threads, weights), ReadRate.measure(threads, rows));
    }

    /** The least milliseconds for this work: arithmetic and moving of bytes may overlap, the longer one counts. */
    public double leastMillis(StepWork work) {
        double computing = work.operations() == 0 ? 0 : work.operations() / peak(work.arithmetic());
        double moving = work.weightBytes() / weightBytes + work.rowBytes() / rowBytes;
        return 1e3 * Math.max(computing, moving);
    }

    private double peak(DType arithmetic) {
        Double peak = operations.get(arithmetic);
        if (peak == null) {
            throw new IllegalArgumentException("the peak of " + arithmetic.text() + " was not measured");
        }
        return peak;
    }
}
