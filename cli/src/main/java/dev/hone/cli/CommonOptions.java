package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.List;
import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            split = ",",
            description = "Worker threads; default: the processors this process may use.")
    private List<Integer> threads = List.of(Runtime.getRuntime().availableProcessors());

    @Option(names = "--verbose", description = "Print the trace of a failure and more of what is done.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    int threads() {
        if (threads.size() != 1) {
            throw new HoneException(Category.USAGE, "--threads " + threads + ": give one number here");
        }
        return threadCounts().getFirst();
    }

    /** One or more numbers of threads, for commands that go through them. */
    List<Integer> threadCounts() {
        for (int count : threads) {
            if (count < 1) {
                throw new HoneException(Category.USAGE, "--threads " + count + ": give a number of at least 1");
            }
        }
        return threads;
    }

    boolean verbose() {
        return verbose;
    }

    boolean help() {
        return help;
    }
}
