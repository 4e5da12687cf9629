package dev.hone.measure;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The 95 % interval of a median whose samples come in blocks.
 *
 * <p>Samples of one block share the machine's state of that moment, so they are not independent; blocks nearly are. The
 * blocks are drawn anew with replacement and the median of all their samples is taken each time (the cluster bootstrap
 * of Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8).
 */
final class BlockBootstrap {
    private static final int DRAWS = 2000;
    private static final long SEED = 0x5EEDL;
    private static final double TAIL = 0.025;

    private record Sample(double value, int block) {}

    private BlockBootstrap() {}

    static Interval medianInterval(List<double[]> blocks) {
        Sample[] samples = sorted(blocks);
        SplittableRandom random = new SplittableRandom(SEED);
        double[] medians = new double[DRAWS];
        int[] weights = new int[blocks.size()];
        for (int draw = 0; draw < DRAWS; draw++) {
            Arrays.fill(weights, 0);
            for (int block = 0; block < weights.length; block++) {
                weights[random.nextInt(weights.length)]++;
            }
            medians[draw] = weightedMedian(samples, weights, blocks);
        }
        Arrays.sort(medians);
        int low = (int) Math.floor(TAIL * (DRAWS - 1));
        return new Interval(medians[low], medians[DRAWS - 1 - low]);
    }

    private static Sample[] sorted(List<double[]> blocks) {
        int count = blocks.stream().mapToInt(block -> block.length).sum();
        Sample[] samples = new Sample[count];
        int at = 0;
        for (int block = 0; block < blocks.size(); block++) {
            for (double value : blocks.get(block)) {
                samples[at++] = new Sample(value, block);
            }
        }
        Arrays.sort(samples, Comparator.comparingDouble(Sample::value));
        return samples;
    }

    private static double weightedMedian(Sample[] samples, int[] weights, List<double[]> blocks) {
        long total = 0;
        for (int block = 0; block < weights.length; block++) {
            total += (long) weights[block] * blocks.get(block).length;
        }
        long before = 0;
        for (int i = 0; i < samples.length; i++) {
            before += weights[samples[i].block()];
            if (2 * before > total) {
                return samples[i].value();
            }
            if (2 * before == total) {
                return (samples[i].value() + nextDrawn(samples, i, weights)) / 2;
            }
        }
        throw new IllegalStateException("no sample was drawn");
    }

    private static double nextDrawn(Sample[] samples, int after, int[] weights) {
        int next = after + 1;
        while (weights[samples[next].block()] == 0) {
            next++;
        }
        return samples[next].value();
    }
}
