package dev.hone.runtime;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.nativecode.system.NativeCode;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A compiled model that runs batches: packed weights, bound steps, scratch memory and a thread team.
 *
 * <p>A batch is ragged: its sequences lie end to end, without padding, and are run in pieces of at most
 * {@value #ROWS_AT_ONCE} rows (one sequence at least), so that activations stay in the caches. No kernel lets a sequence
 * see another one, so an answer has the same bits whatever else is in the batch.
 *
 * <p>Safe for concurrent calls, which take turns. After {@link #close()} calls throw {@link HoneException} of category
 * CLOSED.
 */
public final class Plan implements AutoCloseable {
    /** Rows of a piece of a batch. */
    static final int ROWS_AT_ONCE = 1024;

    private final PlanSource source;
    private final NativeCode code;
    private final Arena weights;
    private final ThreadTeam team;
    private final List<Step> steps;
    private final Object running = new Object();
    private Workspace workspace;
    private boolean closed;

    private Plan(PlanSource source, NativeCode code, Arena weights, ThreadTeam team, List<Step> steps) {
        this.source = source;
        this.code = code;
        this.weights = weights;
        this.team = team;
        this.steps = steps;
        this.workspace = newWorkspace(1, 1);
    }

    /**
     * Packs the weights and binds the steps.
     *
     * @param code the compiled kernels of {@link PlanSource#kernels()}; owned by the plan from here on
     * @param threads workers, the caller included
     */
    public static Plan bind(PlanSource source, NativeCode code, int threads) {
        ThreadTeam team = new ThreadTeam(threads);
        Arena weights = Arena.ofShared();
        Binding binding = new Binding(code, weights);
        AtomicReferenceArray<Step> bound =
                new AtomicReferenceArray<>(source.steps().size());
        team.run(worker -> {
            for (int index = worker; index < bound.length(); index += threads) {
                bound.set(index, source.steps().get(index).bind(binding));
            }
        });
        List<Step> steps = new ArrayList<>();
        for (int index = 0; index < bound.length(); index++) {
            steps.add(bound.get(index));
        }
        return new Plan(source, code, weights, team, List.copyOf(steps));
    }

    public List<PlanOutput> outputs() {
        return source.outputs();
    }

    public PlanSource.Limits limits() {
        return source.limits();
    }

    public int threads() {
        return team.size();
    }

    /**
     * Runs a batch.
     *
     * @param ids token ids, one array a sequence
     * @param types token types of the same shape
     * @return for each of {@link #outputs()} its rows without padding, tokens or sequences in the order given
     * @throws HoneException of category INPUT when the batch does not fit {@link #limits()}
     */
    public float[][] run(int[][] ids, int[][] types) {
        InputCheck.check(source.limits(), ids, types);
        synchronized (running) {
            if (closed) {
                throw new HoneException(Category.CLOSED, "the session is closed; open the model again");
            }
            float[][] answers = newAnswers(ids);
            int row = 0;
            for (int first = 0; first < ids.length; ) {
                int end = endOfPiece(ids, first);
                runPiece(ids, types, first, end);
                copyAnswers(answers, row, first);
                row += workspace.rows();
                first = end;
            }
            return answers;
        }
    }

    private static int endOfPiece(int[][] ids, int first) {
        int rows = ids[first].length;
        int end = first + 1;
        while (end < ids.length && rows + ids[end].length <= ROWS_AT_ONCE) {
            rows += ids[end].length;
            end++;
        }
        return end;
    }

    private float[][] newAnswers(int[][] ids) {
        long rows = 0;
        for (int[] sequence : ids) {
            rows += sequence.length;
        }
        float[][] answers = new float[source.outputs().size()][];
        for (int index = 0; index < answers.length; index++) {
            PlanOutput output = source.outputs().get(index);
            long values = (output.perToken() ? rows : ids.length) * output.width();
            if (values > Integer.MAX_VALUE - 8) {
                throw new HoneException(
                        Category.INPUT,
                        "output " + output.name() + " of " + ids.length + " sequences with " + rows
                                + " tokens does not fit one array; run smaller batches");
            }
            answers[index] = new float[(int) values];
        }
        return answers;
    }

    private void runPiece(int[][] ids, int[][] types, int first, int end) {
        int rows = 0;
        for (int sequence = first; sequence < end; sequence++) {
            rows += ids[sequence].length;
        }
        if (!workspace.holds(rows, end - first)) {
            workspace.close();
            workspace = newWorkspace(rows, end - first);
        }
        workspace.clear();
        for (int sequence = first; sequence < end; sequence++) {
            int[] positions = Positions.of(source.limits().positions(), ids[sequence]);
            workspace.add(ids[sequence], types[sequence], positions);
        }
        Share[] shares = Sharing.of(workspace, team.size());
        boolean together = shares[0].parts() > 1;
        team.run(worker -> runSteps(worker, shares[worker], together));
    }

    private void runSteps(int worker, Share share, boolean together) {
        for (int index = 0; index < steps.size(); index++) {
            steps.get(index).run(workspace, share, worker);
            if (together && index + 1 < steps.size()) {
                team.barrier();
            }
        }
    }

    private void copyAnswers(float[][] answers, int firstRow, int firstSequence) {
        for (int index = 0; index < answers.length; index++) {
            PlanOutput output = source.outputs().get(index);
            int rows = output.perToken() ? workspace.rows() : workspace.sequences();
            int to = (output.perToken() ? firstRow : firstSequence) * output.width();
            workspace.copyOut(output, rows, answers[index], to);
        }
    }

    private Workspace newWorkspace(int rows, int sequences) {
        return new Workspace(source, Padding.padded(rows), Padding.padded(sequences), team.size());
    }

    /** Waits for the run in progress and frees everything; a second call does nothing. */
    @Override
    public void close() {
        synchronized (running) {
            if (closed) {
                return;
            }
            closed = true;
            team.close();
            workspace.close();
            weights.close();
            code.close();
        }
    }
}
