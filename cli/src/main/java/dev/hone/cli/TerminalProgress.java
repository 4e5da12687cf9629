package dev.hone.cli;

import dev.hone.measure.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, for people only, and only when they would begin to wonder. */
final class TerminalProgress implements Progress, AutoCloseable {
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    /** Rarely, because the bar's thread competes with what is being measured. */
    private static final int UPDATE_MILLIS = 1000;

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final PrintStream stream;
    private final long start = System.nanoTime();
    private @Nullable ProgressBar bar;
    private String phase = "";
    private int steps;
    private int done;

    private TerminalProgress(PrintStream stream) {
        this.stream = stream;
    }

    /** A bar when standard error is a terminal, and silence otherwise. */
    static Progress onStandardError() {
        return isTerminal() ? new TerminalProgress(System.err) : Progress.SILENT;
    }

    private static boolean isTerminal() {
        try {
            if (Files.isSymbolicLink(STANDARD_ERROR)) {
                String device = Files.readSymbolicLink(STANDARD_ERROR).toString();
                return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
            }
        } catch (IOException unknown) {
            return false;
        }
        return Objects.requireNonNull(System.console(), "console").isTerminal();
    }

    @Override
    public void begin(String nextPhase, int nextSteps) {
        close();
        phase = nextPhase;
        steps = nextSteps;
        done = 0;
    }

    @Override
    public void step() {
        done++;
        if (bar == null && System.nanoTime() - start > PATIENCE_NANOS) {
            bar = new ProgressBarBuilder()
                    .setTaskName(phase)
                    .setInitialMax(steps)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .clearDisplayOnFinish()
                    .setConsumer(new ConsoleProgressBarConsumer(stream))
                    .build();
        }
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
