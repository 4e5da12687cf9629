package dev.hone.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Constants that are made as steps ask for them, and remembered so that they can be written to a file. */
public final class PackedConstants implements Constants {
    private final Arena arena = Arena.ofShared();
    private final Map<String, List<MemorySegment>> taken = new ConcurrentHashMap<>();

    @Override
    public MemorySegment take(String node, long bytes, Consumer<MemorySegment> writer) {
        MemorySegment memory = arena.allocate(Math.max(ALIGNMENT, bytes), ALIGNMENT);
        writer.accept(memory);
        return takeInPlace(node, memory);
    }

    @Override
    public MemorySegment takeInPlace(String node, MemorySegment memory) {
        taken.computeIfAbsent(node, _ -> new ArrayList<>()).add(memory);
        return memory;
    }

    /** The constants of each node's step, in the order in which it took them. */
    public Map<String, List<MemorySegment>> taken() {
        return Map.copyOf(taken);
    }

    @Override
    public void close() {
        arena.close();
    }
}
