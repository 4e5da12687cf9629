package dev.hone.measure;

import java.util.ArrayList;
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
    /**
     * How many times as quick one of two was that were timed by turns: the quotients of neighbouring turns, of which
     * each counts by itself.
     *
     * @param other milliseconds of each turn of the other one
     * @param own of the turns between, as many
     */
    public static Summary ofSpeed(double[] other, double[] own) {
        List<double[]> quotients = new ArrayList<>();
        for (int turn = 0; turn < own.length; turn++) {
            quotients.add(new double[] {other[turn] / own[turn]});
        }
        return of(quotients);
    }

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
