package dev.hone.sweep;

import dev.hone.evaluate.Prediction;
import dev.hone.evaluate.Prediction.Logits;
import dev.hone.evaluate.Predictor;
import dev.hone.evaluate.data.Example;
import dev.hone.sweep.PairTimes.Pass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Models that quantise two operators: MatMul makes calls three times as quick, Gather makes them twice as slow, and
 * Attention is quick and gives wrong answers.
 */
final class FakeModels implements SettingModels {
    private static final int TURNS = 8;
    private static final double MILLIS = 12;

    final List<Setting> opened = new ArrayList<>();
    final List<Setting> released = new ArrayList<>();
    int opensBeforeItBreaks = Integer.MAX_VALUE;

    @Override
    public Built build(Setting setting) {
        if (setting.value(Parameter.WEIGHTS, "s8").equals("u8")) {
            return Built.refused("no such weights");
        }
        Map<String, Integer> quantized = new TreeMap<>();
        for (String operator : List.of("MatMul", "Gather", "Attention")) {
            if (quantizes(setting, operator)) {
                quantized.put(operator, 1);
            }
        }
        return new Built("sum of " + quantized, 1000 - 100 * quantized.size(), quantized, null);
    }

    private static boolean quantizes(Setting setting, String operator) {
        return setting.quantization()
                .filter(wanted -> wanted.choice().operators().isEmpty()
                        || wanted.choice().operators().contains(operator))
                .isPresent();
    }

    @Override
    public Predictor open(Setting setting) {
        if (opened.size() == opensBeforeItBreaks) {
            throw new IllegalStateException("interrupted");
        }
        opened.add(setting);
        return new Fake(setting);
    }

    /** What the operators make of the time, with a little noise that is the same for both. */
    static PairTimes time(Predictor reference, Predictor setting) {
        return new PairTimes(pass((Fake) reference), pass((Fake) setting));
    }

    private static Pass pass(Fake fake) {
        boolean quick = quantizes(fake.setting(), "MatMul") || quantizes(fake.setting(), "Attention");
        double millis = quick ? MILLIS / 3 : MILLIS;
        double slowed = quantizes(fake.setting(), "Gather") ? 2 * millis : millis;
        double[] slices = new double[TURNS];
        Arrays.setAll(slices, turn -> slowed * (1 + turn / 100.0));
        return new Pass(slices, new double[] {slowed});
    }

    private record Fake(Setting setting) implements Predictor {
        @Override
        public List<Prediction> answer(List<Example> examples) {
            return examples.stream().map(this::answer).toList();
        }

        private Prediction answer(Example example) {
            boolean positive = example.id().hashCode() % 2 == 0;
            boolean wrong = quantizes(setting, "Attention") && example.id().hashCode() % 3 == 0;
            return new Logits(positive == wrong ? new float[] {1, 0} : new float[] {0, 1});
        }

        @Override
        public long tokenizerNanos() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }

    @Override
    public void release(Setting setting) {
        released.add(setting);
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
