package dev.hone.cli;

import dev.hone.optimize.Journal;
import java.io.PrintWriter;

/** Says what is kept when a search is interrupted, and takes its temporary files away. */
final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /** @param cleaning takes temporary files away */
    static Interruption watch(Journal journal, Runnable cleaning, PrintWriter err) {
        Thread hook = new Thread(
                () -> {
                    err.println("hone: interrupted; " + journal.size() + " measurements are kept in " + journal.file()
                            + ", and --resume goes on with them");
                    err.flush();
                    cleaning.run();
                },
                "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    /** The search has ended by itself. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The process is ending already, and the hook says so.
        }
    }
}
