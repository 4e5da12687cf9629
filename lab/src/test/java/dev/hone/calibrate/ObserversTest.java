package dev.hone.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.HoneException;
import dev.hone.onnx.quantize.ValueRange;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObserversTest {
    private static final double ALL_BUT_FEW = 99;

    /** Runs of different length, each larger than the one before, so that histograms have to grow. */
    private static List<float[]> runs() {
        SplittableRandom random = new SplittableRandom(3);
        List<float[]> runs = new ArrayList<>();
        for (int run = 1; run <= 6; run++) {
            float[] numbers = new float[run * 500];
            for (int index = 0; index < numbers.length; index++) {
                numbers[index] = (float) (random.nextGaussian() * run + 0.5);
            }
            runs.add(numbers);
        }
        return runs;
    }

    private static ValueRange observe(CalibrationMethod method, double percentile, List<float[]> runs) {
        RangeObserver observer = method.observer(percentile);
        runs.forEach(run -> observer.add(FloatBuffer.wrap(run)));
        return observer.range();
    }

    private static float[] sorted(List<float[]> runs) {
        float[] all = new float[runs.stream().mapToInt(run -> run.length).sum()];
        int at = 0;
        for (float[] run : runs) {
            System.arraycopy(run, 0, all, at, run.length);
            at += run.length;
        }
        Arrays.sort(all);
        return all;
    }

    @Test
    void extremesAreTheLeastAndTheLargest() {
        float[] all = sorted(runs());
        assertThat(observe(CalibrationMethod.MINMAX, ALL_BUT_FEW, runs()))
                .isEqualTo(new ValueRange(all[0], all[all.length - 1]));
    }

    @Test
    void averagesAreOverRuns() {
        double lo = 0;
        double hi = 0;
        for (float[] run : runs()) {
            float[] one = sorted(List.of(run));
            lo += one[0] / 6.0;
            hi += one[one.length - 1] / 6.0;
        }
        ValueRange range = observe(CalibrationMethod.AVERAGE, ALL_BUT_FEW, runs());
        assertThat(range.lo()).isCloseTo((float) lo, within(1e-5f));
        assertThat(range.hi()).isCloseTo((float) hi, within(1e-5f));
    }

    @ParameterizedTest
    @ValueSource(doubles = {90, 99, 99.9})
    void percentilesAreThoseOfTheSortedNumbersButForABin(double percentile) {
        float[] all = sorted(runs());
        int cut = (int) ((100 - percentile) / 200 * all.length);
        ValueRange range = observe(CalibrationMethod.PERCENTILE, percentile, runs());
        // Bins reach to the power of 2 above the largest magnitude, which is at most twice as large.
        float bin = 2 * Math.max(-all[0], all[all.length - 1]) / (Histogram.BINS / 2f);
        assertThat(range.lo()).isCloseTo(all[cut], within(bin));
        assertThat(range.hi()).isCloseTo(all[all.length - 1 - cut], within(bin));
    }

    @Test
    void theOrderOfRunsChangesNoCount() {
        assertThat(observe(CalibrationMethod.PERCENTILE, ALL_BUT_FEW, runs()))
                .isEqualTo(observe(CalibrationMethod.PERCENTILE, ALL_BUT_FEW, runs().reversed()));
        assertThat(observe(CalibrationMethod.ENTROPY, ALL_BUT_FEW, runs()))
                .isEqualTo(observe(CalibrationMethod.ENTROPY, ALL_BUT_FEW, runs().reversed()));
    }

    @Test
    void leastDivergenceCutsOffWhatStandsAlone() {
        List<float[]> runs = new ArrayList<>(runs());
        runs.add(new float[] {1000, -1000});
        ValueRange range = observe(CalibrationMethod.ENTROPY, ALL_BUT_FEW, runs);
        float[] all = sorted(runs());
        assertThat(range.hi()).isLessThan(500).isGreaterThan(all[all.length / 2]);
        assertThat(range.lo()).isGreaterThan(-500).isLessThan(all[all.length / 2]);
    }

    @ParameterizedTest
    @EnumSource(CalibrationMethod.class)
    void whatIsNotFiniteIsLeftOut(CalibrationMethod method) {
        float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        assertThat(observe(method, ALL_BUT_FEW, List.of(odd))).isEqualTo(new ValueRange(0, 0));
        assertThat(observe(method, 100, List.of(odd, new float[] {0, 0}))).isEqualTo(new ValueRange(0, 0));
        ValueRange range = observe(method, 100, List.of(odd, new float[] {-2, 0, 3}));
        assertThat(range.lo()).isBetween(-2f, 0f);
        assertThat(range.hi()).isBetween(0f, 3f);
    }

    @Test
    void unknownMethodsAreRefusedWithTheNearest() {
        assertThatThrownBy(() -> CalibrationMethod.parse("minmx"))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("did you mean minmax?");
    }

    @Test
    void shardsFitTheBudget() {
        Map<String, Long> bytes = Map.of("a", 40L, "b", 40L, "c", 200L, "d", 10L, "e", 10L);
        assertThat(Shards.of(bytes, 1, 100)).containsExactly(Set.of("a", "b"), Set.of("c"), Set.of("d", "e"));
        assertThat(Shards.of(bytes, 5, 1000)).hasSize(5);
        assertThat(Shards.of(bytes, 1, 1000)).hasSize(1);
    }
}
