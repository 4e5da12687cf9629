package dev.hone.tune;

import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearSchedule;
import dev.hone.machine.Machine;

/**
 * Estimates what a schedule costs, to leave out what cannot win. Only its order is used; measuring decides.
 *
 * <p>A step of the inner loop multiplies every row of a tile with every vector of weights. It takes as long as the
 * multiply units, the load units or the chain of dependent sums need, whichever is longest. Weights that no cache
 * nearer than the last one holds cost their bytes at that cache's rate, once for each block of rows.
 */
final class CostModel {
    private static final double UNITS = 2;
    private static final double CHAIN_CYCLES = 4;
    private static final double FAR_BYTES_IN_CYCLE = 16;

    private final LinearProblem problem;
    private final Machine machine;
    private final int workers;

    /** @param workers threads that share the columns */
    CostModel(LinearProblem problem, Machine machine, int workers) {
        this.problem = problem;
        this.machine = machine;
        this.workers = workers;
    }

    /** Whether sums, weights and an input stay in registers. */
    boolean fits(LinearSchedule schedule) {
        int operands = problem.product().widens(problem.isa()) ? 2 * (schedule.vectors() + 1) : schedule.vectors() + 1;
        return schedule.rows() * schedule.vectors() + operands < problem.isa().registers();
    }

    /**
     * Whether a block of rows leaves the second-level cache room for panels; true where its size is not known, and
     * where blocks of the depth keep rows and panels short.
     */
    boolean fitsCache(LinearSchedule schedule) {
        long cache = machine.cacheBytes(2);
        return cache == 0 || !schedule.isWhole() || schedule.blockBytes() <= cache;
    }

    /** Cycles of one worker for a number of rows, by estimate. */
    double cycles(LinearSchedule schedule, int rows) {
        int panels = problem.layout(schedule).panels();
        int mine = Math.ceilDiv(panels, workers);
        int tiles = Math.ceilDiv(rows, schedule.rows());
        double steps = 0;
        for (int tile = 0; tile < tiles; tile++) {
            int height = rows * (tile + 1) / tiles - rows * tile / tiles;
            steps += step(height, schedule.vectors());
        }
        double words = problem.layout(schedule).words();
        double arithmetic = mine * steps * words;
        double bytes = (double) problem.layout(schedule).bytes() / panels * mine;
        return Math.max(arithmetic, bytes * blocks(schedule, rows) / FAR_BYTES_IN_CYCLE);
    }

    private static double step(int height, int vectors) {
        double products = height * vectors / UNITS;
        double loads = (height + vectors) / UNITS;
        return Math.max(Math.max(products, loads), CHAIN_CYCLES);
    }

    /** How many blocks the emitted code cuts rows into. */
    int blocks(LinearSchedule schedule, int rows) {
        long inputs = (long) problem.layout(schedule).words() * Integer.BYTES;
        long most = Math.max(8L * schedule.rows(), schedule.blockBytes() / inputs);
        return Math.toIntExact(Math.ceilDiv(
                rows, schedule.isWhole() ? most : Math.min(most, schedule.mostRowsInBlock(problem.isa()))));
    }
}
