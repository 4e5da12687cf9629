package dev.hone.optimize;

import dev.hone.engines.EngineSession;
import dev.hone.evaluate.Prediction;
import dev.hone.evaluate.Prediction.Logits;
import dev.hone.evaluate.Predictor;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Example.Labelled;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** A model whose answers and times a test decides by the way in which it is opened. */
final class FakeModel implements Search.Model {
    private final BiPredicate<Way, String> isRight;
    private final ToLongFunction<Way> nanosPerRow;
    final List<Way> opened = new ArrayList<>();
    int opensBeforeItBreaks = Integer.MAX_VALUE;
    ToDoubleFunction<Way> outputOffset = _ -> 0;

    /** @param isRight whether a text is answered rightly in a way */
    FakeModel(BiPredicate<Way, String> isRight, ToLongFunction<Way> nanosPerRow) {
        this.isRight = isRight;
        this.nanosPerRow = nanosPerRow;
    }

    @Override
    public OpenedWay open(Way way) {
        if (opened.size() == opensBeforeItBreaks) {
            throw new IllegalStateException("interrupted");
        }
        opened.add(way);
        return new OpenedWay(new Answers(way), new Outputs((float) outputOffset.applyAsDouble(way)), null, COST);
    }

    private static final OpeningCost COST = new OpeningCost(1, 1000L);

    private static final long CALL_NANOS = 100_000;

    @Override
    public List<String> layers() {
        return List.of("layer.0.output", "layer.1.output", "layer.2.output", "layer.3.output");
    }

    @Override
    public long sizeBytes(Way way) {
        return way.isOriginal() ? 4000 : 1000;
    }

    @Override
    public long memoryBytes(Way way) {
        return way.isOriginal() ? 9000 : 3000;
    }

    private final class Answers implements Predictor {
        private final Way way;

        Answers(Way way) {
            this.way = way;
        }

        @Override
        public List<Prediction> answer(List<Example> examples) {
            long end = System.nanoTime() + nanosPerRow.applyAsLong(way) * examples.size();
            List<Prediction> said = new ArrayList<>();
            for (Example row : examples) {
                Labelled labelled = (Labelled) row;
                boolean right = isRight.test(way, labelled.input().text());
                boolean positive = labelled.label().equals("1") == right;
                said.add(new Logits(positive ? new float[] {0, 1} : new float[] {1, 0}));
            }
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return said;
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

    private record Outputs(float offset) implements EngineSession {
        @Override
        public List<String> outputNames() {
            return List.of("logits");
        }

        @Override
        public int maximumLength() {
            return 512;
        }

        @Override
        public EncoderOutputs run(TokenBatch batch) {
            // A call of no time at all would be made a million times in a turn.
            long end = System.nanoTime() + CALL_NANOS;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            float[] values = new float[batch.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = 1 + offset;
            }
            return new EncoderOutputs(Map.of("logits", new Output(false, 1, values)));
        }

        @Override
        public PreparedCall prepare(TokenBatch batch) {
            return new PreparedCall() {
                @Override
                public void run() {
                    Outputs.this.run(batch);
                }

                @Override
                public void close() {
                    // The batch is the caller's.
                }
            };
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }
}
