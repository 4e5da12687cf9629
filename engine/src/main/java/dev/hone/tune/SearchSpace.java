package dev.hone.tune;

import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearSchedule;
import dev.hone.machine.Machine;
import dev.hone.runtime.Partition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The schedules that are worth measuring, one dimension after another, the promising ones first. */
final class SearchSpace {
    /** Rows of a call: one tile, a short text, a long text, a batch. A schedule serves all of them. */
    static final List<Integer> ROW_CLASSES = List.of(8, 32, 128, 512);

    private static final int MOST_ROWS = 14;
    private static final int MOST_VECTORS = 6;
    private static final int MOST_TILES = 6;
    private static final List<Integer> FETCHES = List.of(0, 2048, 4096, 16384, 32768);
    private static final List<Integer> BLOCKS = List.of(128 << 10, 256 << 10, 512 << 10, 1 << 20, 2 << 20);

    private static final List<Integer> DEPTHS = List.of(192, 384, 768, 1536);

    private static final List<Integer> BANDS = List.of(1, 32, 128, 1 << 24);

    private final LinearProblem problem;
    private final int workers;
    private final CostModel model;

    SearchSpace(LinearProblem problem, Machine machine, int workers) {
        this.problem = problem;
        this.workers = workers;
        this.model = new CostModel(problem, machine, workers);
    }

    /** Other tiles that fit the registers and are not estimated far behind the best. */
    List<LinearSchedule> tiles(LinearSchedule from) {
        List<LinearSchedule> fitting = new ArrayList<>();
        for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
            for (int rows = 2; rows <= MOST_ROWS; rows++) {
                LinearSchedule tile = from.withTile(rows, vectors);
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
                .map(from::withFetchAhead)
                .filter(schedule -> !schedule.equals(from))
                .toList();
    }

    /** Other sizes of blocks that fit the cache and cut the rows in another way. */
    List<LinearSchedule> blocks(LinearSchedule from) {
        Set<List<Integer>> seen = new HashSet<>(Set.of(cuts(from)));
        return BLOCKS.stream()
                .map(from::withBlockBytes)
                .filter(model::fitsCache)
                .filter(schedule -> seen.add(cuts(schedule)))
                .toList();
    }

    /** Other blocks of the depth, each with usual and with large blocks of rows, and the whole depth at once. */
    List<LinearSchedule> depths(LinearSchedule from) {
        int words = problem.product().words(problem.depth());
        LinearSchedule whole = from.withDepthBlock(LinearSchedule.WHOLE);
        Stream<LinearSchedule> cut =
                DEPTHS.stream().filter(block -> block < words).map(from::withDepthBlock);
        return Stream.concat(
                        whole.equals(from)
                                ? Stream.of()
                                : Stream.of(whole.withBlockBytes(LinearSchedule.USUAL_BLOCK_BYTES)),
                        cut.flatMap(schedule -> Stream.of(
                                schedule.withBlockBytes(LinearSchedule.USUAL_BLOCK_BYTES),
                                schedule.withBlockBytes(LinearSchedule.WIDE_BLOCK_BYTES))))
                .filter(schedule -> !schedule.equals(from))
                .toList();
    }

    /** Fewest rows of bands with which another number of bands comes out. */
    List<LinearSchedule> bands(LinearSchedule from) {
        Set<List<Integer>> seen = new HashSet<>(Set.of(counts(from)));
        return BANDS.stream()
                .map(from::withBandRows)
                .filter(schedule -> seen.add(counts(schedule)))
                .toList();
    }

    private List<Integer> counts(LinearSchedule schedule) {
        int panels = problem.layout(schedule).panels();
        return ROW_CLASSES.stream()
                .map(rows -> Partition.bands(rows, panels, schedule.bandRows(), workers))
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
