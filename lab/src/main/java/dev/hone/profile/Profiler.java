package dev.hone.profile;

import dev.hone.measure.Summary;
import dev.hone.profile.ModelProfile.TimedRun;
import dev.hone.runtime.PieceProfile;
import dev.hone.runtime.StepWork;
import dev.hone.session.Session;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a batch for some time, in blocks of runs with and without a profile by turns, and tells where its time goes.
 *
 * <p>Both are run because noting times may itself take time: what it costs is the difference of the two medians.
 */
public final class Profiler {
    private static final int MOST_RUNS = 20_000;
    private static final int RUNS_OF_A_BLOCK = 8;
    private static final double LONGEST_WARM_UP_SECONDS = 1;
    private static final double NANOS = 1e9;

    private final Session session;
    private final int threads;
    private final double seconds;

    /**
     * @param threads of the session
     * @param seconds timed for each batch, runs with and without profile together
     */
    public Profiler(Session session, int threads, double seconds) {
        this.session = session;
        this.threads = threads;
        this.seconds = seconds;
    }

    /** Profiles a batch of token ids. */
    public ModelProfile profile(TokenBatch batch) {
        return profile(() -> batch, false);
    }

    /** Profiles a batch that is made of texts before each run, which is timed apart. */
    public ModelProfile profileTexts(Supplier<TokenBatch> tokenizer) {
        return profile(tokenizer, true);
    }

    private ModelProfile profile(Supplier<TokenBatch> batches, boolean tokenized) {
        warmUp(batches);
        List<StepWork> work = work(batches.get());
        MachineLimits limits = MachineLimits.measure(threads, work);
        warmUp(batches);
        Runs runs = new Runs(session, batches, tokenized);
        long end = System.nanoTime() + (long) (seconds * NANOS);
        do {
            runs.addPlainBlock();
            runs.addProfiledBlock();
        } while (System.nanoTime() < end && runs.profiled.size() < MOST_RUNS);
        return new Aggregation(session.steps(), work, limits, runs).profile(batches.get());
    }

    private void warmUp(Supplier<TokenBatch> batches) {
        long end = System.nanoTime() + (long) (Math.min(seconds / 2, LONGEST_WARM_UP_SECONDS) * NANOS);
        do {
            session.profile(batches.get());
            session.run(batches.get());
        } while (System.nanoTime() < end);
    }

    /** What each step has to do in a run, all pieces of the batch together. */
    private List<StepWork> work(TokenBatch batch) {
        List<PieceProfile> pieces = session.profile(batch).pieces();
        List<StepWork> work = new ArrayList<>(pieces.getFirst().work());
        for (PieceProfile piece : pieces.subList(1, pieces.size())) {
            for (int step = 0; step < work.size(); step++) {
                work.set(step, work.get(step).plus(piece.work().get(step)));
            }
        }
        return Collections.unmodifiableList(work);
    }

    /** The runs so far. */
    static final class Runs {
        private final Session session;
        private final Supplier<TokenBatch> batches;
        private final boolean tokenized;
        private final List<Double> plain = new ArrayList<>();
        private final List<RunTimes> profiled = new ArrayList<>();
        private final List<Double> tokenizing = new ArrayList<>();
        private final List<TimedRun> last = new ArrayList<>();

        private Runs(Session session, Supplier<TokenBatch> batches, boolean tokenized) {
            this.session = session;
            this.batches = batches;
            this.tokenized = tokenized;
        }

        /** The first run of a block is not counted: the threads may sleep, and the caches hold other things. */
        private void addPlainBlock() {
            session.run(batches.get());
            for (int run = 0; run < RUNS_OF_A_BLOCK; run++) {
                TokenBatch batch = batches.get();
                long start = System.nanoTime();
                session.run(batch);
                plain.add((System.nanoTime() - start) / 1e6);
            }
        }

        private void addProfiledBlock() {
            session.run(batches.get());
            last.clear();
            for (int run = 0; run < RUNS_OF_A_BLOCK; run++) {
                long since = System.nanoTime();
                TokenBatch batch = batches.get();
                long at = tokenized ? System.nanoTime() : since;
                last.add(new TimedRun(since, at, session.profile(batch)));
            }
            for (TimedRun run : last) {
                tokenizing.add(run.tokenizerMillis());
                profiled.add(RunTimes.of(run.run(), session.steps().size()));
            }
        }

        boolean tokenized() {
            return tokenized;
        }

        List<RunTimes> profiled() {
            return profiled;
        }

        double[] plainMillis() {
            return plain.stream().mapToDouble(Double::doubleValue).toArray();
        }

        double[] tokenizerMillis() {
            return tokenizing.stream().mapToDouble(Double::doubleValue).toArray();
        }

        /** Whole runs, in blocks of neighbours, which share the machine's state of their moment. */
        Summary summary() {
            List<double[]> blocks = new ArrayList<>();
            for (int from = 0; from < profiled.size(); from += RUNS_OF_A_BLOCK) {
                blocks.add(profiled.subList(from, Math.min(from + RUNS_OF_A_BLOCK, profiled.size())).stream()
                        .mapToDouble(RunTimes::whole)
                        .toArray());
            }
            return Summary.of(blocks);
        }

        TimedRun nearest(double millis) {
            return Collections.min(
                    last, Comparator.comparingDouble(each -> Math.abs(each.run().duration() / 1e6 - millis)));
        }
    }
}
