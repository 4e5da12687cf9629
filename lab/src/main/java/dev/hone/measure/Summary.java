package dev.hone.measure;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What is said of a set of measured times.
 *
 * @param samples measured calls
 * @param median milliseconds
 * @param interval 95 % interval of the median
 * @param p90 milliseconds that nine of ten calls do not exceed
 * @param p99 milliseconds that 99 of 100 calls do not exceed
 */
public record Summary(int samples, double median, Interval interval, double p90, double p99) {
    /** Summarises milliseconds that were taken in blocks. */
    public static Summary of(List<double[]> blocks) {
        double[] all = blocks.stream().flatMapToDouble(DoubleStream::of).toArray();
        return new Summary(
                all.length,
                Statistics.median(all),
                BlockBootstrap.medianInterval(blocks),
                Statistics.quantile(all, 0.90),
                Statistics.quantile(all, 0.99));
    }
}
