package dev.hone.task;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something that is opened on a thread of its own. Whoever does not {@link #take} it closes it with this.
 *
 * @param <T> what is opened
 */
final class Background<T> implements AutoCloseable {
    private final FutureTask<T> work;
    private final Consumer<T> close;
    private boolean taken;

    private Background(FutureTask<T> work, Consumer<T> close) {
        this.work = work;
        this.close = close;
    }

    static <T> Background<T> start(Supplier<T> open, Consumer<T> close) {
        FutureTask<T> work = new FutureTask<>(open::get);
        Thread thread = new Thread(work, "hone-open");
        thread.setDaemon(true);
        thread.start();
        return new Background<>(work, close);
    }

    /** What was opened; throws what opening has thrown. */
    T take() {
        T opened = await();
        taken = true;
        return opened;
    }

    private T await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException request) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            throw switch (failure.getCause()) {
                case RuntimeException unchecked -> unchecked;
                case Error error -> throw error;
                case null, default -> new IllegalStateException(failure);
            };
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits, and closes what nobody took; where opening failed, there is nothing to close. */
    @Override
    public void close() {
        if (!taken) {
            T opened;
            try {
                opened = await();
            } catch (RuntimeException failed) {
                return;
            }
            close.accept(opened);
        }
    }
}
