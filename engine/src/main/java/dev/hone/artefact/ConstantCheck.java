package dev.hone.artefact;

import dev.hone.artefact.Manifest.Section;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads all constants and compares their checksums, on a thread of its own while the caller prepares what does not need
 * them, and on the caller's once that is done.
 *
 * <p>Closing waits for the thread: memory cannot be freed while some of it is still being read.
 */
final class ConstantCheck implements AutoCloseable {
    private final Check check;
    private final List<Item> items = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final Thread thread;

    /** Finds a section of a node's constants in memory; throws where it is not what was written. */
    interface Check {
        MemorySegment find(String node, Section section);
    }

    /** Each is written by one thread and read after both are done. */
    private static final class Item {
        final String node;
        final Section section;
        MemorySegment segment = MemorySegment.NULL;

        Item(String node, Section section) {
            this.node = node;
            this.section = section;
        }
    }

    ConstantCheck(Check check, Map<String, List<Section>> sections) {
        this.check = check;
        for (Map.Entry<String, List<Section>> entry : sections.entrySet()) {
            for (Section section : entry.getValue()) {
                items.add(new Item(entry.getKey(), section));
            }
        }
        this.thread = new Thread(this::run, "hone-checksums");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        int index = next.getAndIncrement();
        while (index < items.size() && failure.get() == null) {
            Item item = items.get(index);
            try {
                item.segment = check.find(item.node, item.section);
            } catch (RuntimeException found) {
                failure.compareAndSet(null, found);
            }
            index = next.getAndIncrement();
        }
    }

    /** The constants of each node; throws what a check has thrown. */
    Map<String, List<MemorySegment>> constants() {
        run();
        close();
        RuntimeException found = failure.get();
        if (found != null) {
            throw found;
        }
        Map<String, List<MemorySegment>> constants = new HashMap<>();
        for (Item item : items) {
            List<MemorySegment> segments = constants.get(item.node);
            if (segments == null) {
                segments = new ArrayList<>();
                constants.put(item.node, segments);
            }
            segments.add(item.segment);
        }
        return constants;
    }

    @Override
    public void close() {
        next.set(items.size());
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException request) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
