package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Worker threads; default: the processors this process may use.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--verbose", description = "Print the trace of a failure and more of what is done.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    int threads() {
        if (threads < 1) {
            throw new HoneException(Category.USAGE, "--threads " + threads + ": give a number of at least 1");
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
