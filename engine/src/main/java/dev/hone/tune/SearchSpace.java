package dev.hone.tune;

import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearSchedule;
import dev.hone.machine.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The schedules that are worth measuring, one dimension after another, the promising ones first. */
final class SearchSpace {
    /** Rows of a call: one tile, a short text, a long text, a batch. A schedule serves all of them. */
    static final List<Integer> ROW_CLASSES = List.of(8, 32, 128, 512);

    private static final int MOST_ROWS = 14;
    private static final int MOST_VECTORS = 6;
    private static final int MOST_TILES = 6;
    private static final List<Integer> FETCHES = List.of(0, 2048, 4096, 16384, 32768);
    private static final List<Integer> BLOCKS = List.of(128 << 10, 256 << 10, 1 << 20, 2 << 20);

    private final CostModel model;

    SearchSpace(LinearProblem problem, Machine machine, int workers) {
        this.model = new CostModel(problem, machine, workers);
    }

    /** Other tiles that fit the registers and are not estimated far behind the best. */
    List<LinearSchedule> tiles(LinearSchedule from) {
        List<LinearSchedule> fitting = new ArrayList<>();
        for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
            for (int rows = 2; rows <= MOST_ROWS; rows++) {
                LinearSchedule tile = new LinearSchedule(rows, vectors, from.fetchAhead(), from.blockBytes());
                if (model.fits(tile) && !tile.equals(from)) {
                    fitting.add(tile);
                }
            }
        }
        return fitting.stream()
                .sorted(Comparator.comparingDouble(this::estimate))
                .limit(MOST_TILES)
                .toList();
    }

    /** Other distances of fetching. */
    List<LinearSchedule> fetches(LinearSchedule from) {
        return FETCHES.stream()
                .map(fetch -> new LinearSchedule(from.rows(), from.vectors(), fetch, from.blockBytes()))
                .filter(schedule -> !schedule.equals(from))
                .toList();
    }

    /** Other sizes of blocks that fit the cache and cut the rows in another way. */
    List<LinearSchedule> blocks(LinearSchedule from) {
        Set<List<Integer>> seen = new HashSet<>(Set.of(cuts(from)));
        return BLOCKS.stream()
                .map(bytes -> new LinearSchedule(from.rows(), from.vectors(), from.fetchAhead(), bytes))
                .filter(model::fitsCache)
                .filter(schedule -> seen.add(cuts(schedule)))
                .toList();
    }

    private List<Integer> cuts(LinearSchedule schedule) {
        return ROW_CLASSES.stream().map(rows -> model.blocks(schedule, rows)).toList();
    }

    /** The geometric mean over the classes of rows, for which a logarithm is enough. */
    private double estimate(LinearSchedule schedule) {
        return ROW_CLASSES.stream()
                .mapToDouble(rows -> Math.log(model.cycles(schedule, rows)))
                .sum();
    }
}
