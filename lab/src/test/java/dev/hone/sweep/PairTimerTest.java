package dev.hone.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.evaluate.Prediction;
import dev.hone.evaluate.Predictor;
import dev.hone.evaluate.data.Example;
import dev.hone.task.TextInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PairTimerTest {
    /** Remembers what it was asked. */
    private static final class Recording implements Predictor {
        private final Set<String> asked = new HashSet<>();
        private int most;

        @Override
        public List<Prediction> answer(List<Example> examples) {
            examples.forEach(example -> asked.add(example.id()));
            most = Math.max(most, examples.size());
            return List.of();
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

    @Test
    void bothAnswerAllRowsOnceByTurns() {
        List<Example> rows = new ArrayList<>();
        for (int row = 0; row < 11; row++) {
            rows.add(new Example.Labelled(Integer.toString(row), TextInput.of("x".repeat(row)), "1", "dev:" + row));
        }
        Recording first = new Recording();
        Recording second = new Recording();
        PairTimes times = new PairTimer(rows, 4, Duration.ZERO).time(first, second);
        assertThat(times.reference().calls()).as("11 rows in calls of 4").hasSize(3);
        assertThat(times.setting().slices()).hasSize(3).doesNotContain(0);
        assertThat(first.asked).hasSize(11).isEqualTo(second.asked);
        assertThat(second.most).isEqualTo(4);
    }
}
