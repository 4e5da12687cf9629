package dev.hone.runtime;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.nativecode.system.NativeCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled model that runs batches: packed weights, bound steps, scratch memory and a thread team.
 *
 * <p>A batch is ragged: its sequences lie end to end, without padding, and are run in pieces of at most
 * {@value #ROWS_AT_ONCE} rows (one sequence at least), so that activations stay in the caches. No kernel lets a
 * sequence see another one, so an answer has the same bits whatever else is in the batch.
 *
 * <p>Safe for concurrent calls, which take turns. After {@link #close()} calls throw {@link HoneException} of category
 * CLOSED.
 */
public final class Plan implements AutoCloseable {
    /** Rows of a piece of a batch. */
    static final int ROWS_AT_ONCE = 1024;

    private final PlanSource source;
    private final NativeCode code;
    private final Constants constants;
    private final ThreadTeam team;
    private final Step[] steps;
    private final Object running = new Object();
    private final Workspace[] workspaces;
    /** Set while a run is profiled; workers see it because it is set before the team is called. */
    private @Nullable StepClock clock;

    private boolean closed;

    private Plan(PlanSource source, NativeCode code, Constants constants, ThreadTeam team, Step[] steps) {
        this.source = source;
        this.code = code;
        this.constants = constants;
        this.team = team;
        this.steps = steps;
        this.workspaces = new Workspace[team.size()];
        Arrays.setAll(workspaces, number -> newWorkspace(number, 1, 1));
    }

    /**
     * Packs the weights and binds the steps.
     *
     * @param code the compiled kernels of {@link PlanSource#kernels()}; owned by the plan from here on
     * @param constants of the steps; owned by the plan from here on
     * @param threads workers, the caller included
     */
    public static Plan bind(PlanSource source, NativeCode code, Constants constants, int threads) {
        ThreadTeam team = new ThreadTeam(threads);
        try {
            Step[] steps = new Step[source.steps().size()];
            team.run(worker -> {
                for (int index = worker; index < steps.length; index += threads) {
                    String node = source.nodes().get(index);
                    steps[index] = source.steps().get(index).bind(new Binding(code, constants, node));
                }
            });
            return new Plan(source, code, constants, team, steps);
        } catch (RuntimeException | Error failure) {
            team.close();
            constants.close();
            code.close();
            throw failure;
        }
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
            return runPieces(ids, types, null);
        }
    }

    /** The steps, in the order in which they run. */
    public List<PlanStep> steps() {
        List<PlanStep> described = new ArrayList<>();
        for (int index = 0; index < steps.length; index++) {
            described.add(new PlanStep(source.nodes().get(index), steps[index].describe()));
        }
        return List.copyOf(described);
    }

    /**
     * Runs a batch as {@link #run} does and notes when each worker began and ended each step. A run without profile
     * pays one branch a step for this.
     *
     * @throws HoneException of category INPUT when the batch does not fit {@link #limits()}
     */
    public RunProfile profile(int[][] ids, int[][] types) {
        InputCheck.check(source.limits(), ids, types);
        List<StepClock> clocks = new ArrayList<>();
        synchronized (running) {
            long start = System.nanoTime();
            runPieces(ids, types, clocks);
            long end = System.nanoTime();
            return new RunProfile(
                    start, end, clocks.stream().map(each -> each.profile(steps)).toList());
        }
    }

    /** @param clocks takes a clock for each piece; null when nobody asks for times */
    private float[][] runPieces(int[][] ids, int[][] types, @Nullable List<StepClock> clocks) {
        if (closed) {
            throw new HoneException(Category.CLOSED, "the session is closed; open the model again");
        }
        Piece piece = new Piece(ids, types, newAnswers(ids));
        int row = 0;
        for (int first = 0; first < ids.length; ) {
            int end = endOfPiece(ids, first);
            row = clocks == null ? runPiece(piece, row, first, end) : timePiece(piece, row, first, end, clocks);
            first = end;
        }
        return piece.answers();
    }

    private int timePiece(Piece piece, int row, int first, int end, List<StepClock> clocks) {
        StepClock watching = new StepClock(PieceSize.of(piece.ids(), first, end), team.size(), steps.length);
        clocks.add(watching);
        clock = watching;
        try {
            return runPiece(piece, row, first, end);
        } finally {
            watching.stop();
            clock = null;
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

    /** The inputs and outputs of a whole batch, of which a piece is run. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on within one run.
    private record Piece(int[][] ids, int[][] types, float[][] answers) {}

    /** Runs sequences {@code first … end - 1}, whose rows begin at {@code row}; returns the row behind them. */
    private int runPiece(Piece piece, int row, int first, int end) {
        int[] cuts = Sharing.cuts(piece.ids(), first, end, team.size());
        if (cuts.length == 0) {
            fill(0, piece, first, end);
            callTeam(this::runTogether, true);
            return copyAnswers(workspaces[0], piece, row, first);
        }
        for (int worker = 0; worker < team.size(); worker++) {
            fill(worker, piece, cuts[worker], cuts[worker + 1]);
        }
        callTeam(this::runAlone, false);
        int next = row;
        for (int worker = 0; worker < team.size(); worker++) {
            next = copyAnswers(workspaces[worker], piece, next, cuts[worker]);
        }
        return next;
    }

    /** Puts sequences into a workspace, a larger one where they do not fit. */
    private void fill(int number, Piece piece, int first, int end) {
        int rows = 0;
        for (int sequence = first; sequence < end; sequence++) {
            rows += piece.ids()[sequence].length;
        }
        if (!workspaces[number].holds(rows, end - first)) {
            Workspace smaller = workspaces[number];
            workspaces[number] = newWorkspace(number, rows, end - first);
            smaller.close();
        }
        Workspace workspace = workspaces[number];
        workspace.clear();
        for (int sequence = first; sequence < end; sequence++) {
            int[] ids = piece.ids()[sequence];
            int[] positions = Positions.of(source.limits().positions(), ids);
            workspace.add(ids, piece.types()[sequence], positions);
        }
    }

    private void runTogether(int worker) {
        Workspace workspace = workspaces[0];
        Share all = new Share(0, workspace.rows(), 0, workspace.sequences(), worker, team.size());
        boolean byRows = Sharing.byRows(workspace.rows(), team.size());
        Share own = byRows ? all.rowsOfItsOwn() : all;
        for (int index = 0; index < steps.length; index++) {
            runStep(index, worker, workspace, source.steps().get(index).rowwise() ? own : all, worker);
            if (source.hasBarrierBehind(index, byRows)) {
                team.barrier();
            }
        }
    }

    private void runAlone(int worker) {
        Workspace workspace = workspaces[worker];
        Share share = new Share(0, workspace.rows(), 0, workspace.sequences(), 0, 1);
        for (int index = 0; index < steps.length; index++) {
            runStep(index, worker, workspace, share, 0);
        }
    }

    private void callTeam(ThreadTeam.Work work, boolean sharesSteps) {
        StepClock watching = clock;
        if (watching == null) {
            team.run(work);
        } else {
            watching.call(team, work, sharesSteps);
        }
    }

    private void runStep(int index, int worker, Workspace workspace, Share share, int scratch) {
        StepClock watching = clock;
        if (watching == null) {
            steps[index].run(workspace, share, scratch);
        } else {
            watching.begin(worker, index);
            steps[index].run(workspace, share, scratch);
            watching.end(worker, index);
        }
    }

    private int copyAnswers(Workspace workspace, Piece piece, int firstRow, int firstSequence) {
        for (int index = 0; index < piece.answers().length; index++) {
            PlanOutput output = source.outputs().get(index);
            int rows = output.perToken() ? workspace.rows() : workspace.sequences();
            int to = (output.perToken() ? firstRow : firstSequence) * output.width();
            workspace.copyOut(output, rows, piece.answers()[index], to);
        }
        return firstRow + workspace.rows();
    }

    /** The first workspace serves all workers together, or the first one alone; the others one worker each. */
    private Workspace newWorkspace(int number, int rows, int sequences) {
        int workers = number == 0 ? team.size() : 1;
        return new Workspace(source, Padding.padded(rows), Padding.padded(sequences), workers);
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
            for (Workspace workspace : workspaces) {
                workspace.close();
            }
            constants.close();
            code.close();
        }
    }
}
