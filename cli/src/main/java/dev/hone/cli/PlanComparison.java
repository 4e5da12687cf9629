package dev.hone.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.InputShape;
import dev.hone.measure.Schedule;
import dev.hone.measure.Statistics;
import dev.hone.measure.TurnTimer;
import dev.hone.measure.TurnTimer.Turn;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.Session;
import dev.hone.session.TokenBatch;
import java.util.Arrays;
import java.util.List;

/** Two sessions of one model that must answer alike to the bit, timed by turns. */
record PlanComparison(Session usual, Session tuned, int vocabulary) {
    private static final double SECONDS = 1;
    private static final long SEED = 11;

    /** Medians at a shape, in milliseconds. */
    record Times(
            String shape,
            @JsonProperty("usual_ms") double usualMillis,
            @JsonProperty("tuned_ms") double tunedMillis) {
        @JsonProperty
        double ratio() {
            return tunedMillis / usualMillis;
        }
    }

    /** @throws IllegalStateException when a bit of the answers differs: no schedule may change one */
    Times measure(InputShape shape) {
        TokenBatch batch = shape.tokens(vocabulary, SEED);
        usual.run(batch).byName().forEach((name, output) -> {
            Output other = tuned.run(batch).get(name);
            if (!Arrays.equals(output.values(), other.values())) {
                throw new IllegalStateException("tuned schedules change " + name + " at " + shape);
            }
        });
        List<Turn> turns = List.of(turn(usual, batch), turn(tuned, batch));
        List<List<double[]>> blocks = new TurnTimer(Schedule.ofSeconds(SECONDS)).time(turns, () -> {});
        return new Times(shape.toString(), median(blocks.get(0)), median(blocks.get(1)));
    }

    private static Turn turn(Session session, TokenBatch batch) {
        Runnable call = () -> session.run(batch);
        return new Turn(call, call);
    }

    private static double median(List<double[]> blocks) {
        return Statistics.median(blocks.stream().flatMapToDouble(Arrays::stream).toArray());
    }
}
