package dev.hone.cli;

import dev.hone.hub.HubListener;
import dev.hone.measure.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** Tells on standard error what comes from the hub. */
final class HubProgress implements HubListener {
    private static final int STEP_BYTES = 1 << 20;
    private static final double MEGABYTE = 1e6;

    private final PrintWriter err;
    private final Progress progress = TerminalProgress.onStandardError();
    private long received;
    private long steps;

    HubProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void say(String sentence) {
        err.println(sentence);
        err.flush();
    }

    @Override
    public void fetching(String file, long bytes) {
        progress.begin(file, (int) (bytes / STEP_BYTES));
        say(
                bytes < 0
                        ? "fetching " + file
                        : String.format(Locale.ROOT, "fetching %s, %.1f MB", file, bytes / MEGABYTE));
        received = 0;
        steps = 0;
    }

    @Override
    public void received(long bytes) {
        received += bytes;
        while (steps < received / STEP_BYTES) {
            progress.step();
            steps++;
        }
    }

    @Override
    public void finished() {
        progress.begin("", 0);
    }
}
