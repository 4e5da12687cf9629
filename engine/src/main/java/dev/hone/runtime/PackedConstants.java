package dev.hone.runtime;

import dev.hone.nativecode.system.LargePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Constants that are made as steps ask for them, and remembered so that they can be written to a file. */
public final class PackedConstants implements Constants {
    /** Only what is written of it takes memory. */
    private static final long SLAB_BYTES = 32L << 20;

    private final Arena arena = Arena.ofShared();
    private final Map<String, List<MemorySegment>> taken = new ConcurrentHashMap<>();
    private MemorySegment slab = MemorySegment.NULL;
    private long used;

    @Override
    public MemorySegment take(String node, long bytes, Consumer<MemorySegment> writer) {
        MemorySegment memory = slice(Math.max(ALIGNMENT, bytes));
        writer.accept(memory);
        return takeInPlace(node, memory);
    }

    /** Small constants share a slab, so that they share its large pages, too. */
    private synchronized MemorySegment slice(long bytes) {
        long start = Math.ceilDiv(used, ALIGNMENT) * (long) ALIGNMENT;
        if (start + bytes > slab.byteSize()) {
            slab = LargePages.allocate(Math.max(bytes, SLAB_BYTES), arena);
            start = 0;
        }
        used = start + bytes;
        return slab.asSlice(start, bytes);
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
