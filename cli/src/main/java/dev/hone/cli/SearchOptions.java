package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.machine.Machine;
import dev.hone.optimize.MostLoss;
import dev.hone.optimize.Objective;
import dev.hone.optimize.SearchRows;
import dev.hone.optimize.SearchSettings;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is wished of a search, and how long it may take. */
final class SearchOptions {
    /**
     * What the simplest recipes do, with ranges from a few texts: it shows what a loss looks like, and is not chosen
     * unless it is asked for.
     */
    private static final String COARSE = "int8,activations:static,weights:per-tensor";

    private static final double MOST_SECONDS = 3600;
    private static final String USUAL_BUDGET = "5m";

    /** With few rows most of the time would go to layers one by one, which a first look need not wait for. */
    private static final String BUNDLED_BUDGET = "90s";

    @Option(
            names = "--max-loss",
            paramLabel = "P",
            description = "What may be lost of the score: a part of the original's (1%%), or points of a hundred (0.5);"
                    + " at 0 the answers must stay the same. Default: ${DEFAULT-VALUE}.")
    private String mostLoss = "1%";

    @Option(
            names = "--budget",
            paramLabel = "T",
            description = "Time for the search, as 90s or 5m: " + USUAL_BUDGET + ", or " + BUNDLED_BUDGET
                    + " on the bundled rows.")
    private @Nullable String budget;

    @Option(
            names = "--objective",
            paramLabel = "O",
            description = "What becomes better: latency, throughput, size or memory; default: ${DEFAULT-VALUE}.")
    private String objective = "latency";

    @Option(
            names = "--lengths",
            paramLabel = "N",
            split = ",",
            description = "Tokens of single sequences that latency is measured at; default: the data's texts.")
    private List<Integer> lengths = List.of();

    @Option(names = "--samples", paramLabel = "N", description = "Rows that are used at most: ${DEFAULT-VALUE}.")
    private int samples = 2000;

    @Option(names = "--seed", paramLabel = "S", description = "Draws and splits the rows: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--precision",
            paramLabel = "P",
            split = ",",
            completionCandidates = PrecisionLabels.class,
            description = "Those that are tried, of ${COMPLETION-CANDIDATES}; default: all that gain something here.")
    private List<String> precisions = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Timed for each candidate and kind of measurement: ${DEFAULT-VALUE}.")
    private double seconds = 0.6;

    /** @param bundled whether the rows are the bundled ones */
    SearchSettings settings(int threads, boolean bundled) {
        if (samples < SearchRows.LEAST_ROWS) {
            throw new HoneException(
                    Category.USAGE, "--samples " + samples + ": give a number of at least " + SearchRows.LEAST_ROWS);
        }
        for (int length : lengths) {
            if (length < 1) {
                throw new HoneException(Category.USAGE, "--lengths " + length + ": give numbers of at least 1");
            }
        }
        if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
            throw new HoneException(
                    Category.USAGE, "--seconds " + seconds + ": give more than 0 and at most " + MOST_SECONDS);
        }
        boolean bfloats = Machine.detect().chosenIsa().hasBfloatProducts();
        return new SearchSettings(
                threads,
                TuneCommand.duration(budget != null ? budget : bundled ? BUNDLED_BUDGET : USUAL_BUDGET),
                Objective.parse(objective),
                lengths.stream().sorted().distinct().toList(),
                MostLoss.parse(mostLoss),
                seconds,
                schemes(bfloats),
                precisions.isEmpty() ? List.of(Scheme.parse(COARSE)) : List.of(),
                bfloats ? Precision.BF16 : Precision.F32);
    }

    /** Narrower weights and products first: they gain most. */
    private List<Scheme> schemes(boolean bfloats) {
        if (!precisions.isEmpty()) {
            return precisions.stream().map(Scheme::parse).toList();
        }
        List<Scheme> schemes = new ArrayList<>();
        for (Precision precision : List.of(Precision.values()).reversed()) {
            if (bfloats || precision != Precision.BF16) {
                schemes.add(Scheme.of(precision));
            }
        }
        schemes.add(Scheme.parse(COARSE));
        return schemes;
    }

    int samples() {
        return samples;
    }

    long seed() {
        return seed;
    }
}
