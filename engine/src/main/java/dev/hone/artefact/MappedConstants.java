package dev.hone.artefact;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.runtime.Constants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Constants in a mapped file; they are handed out in the order in which they were written. */
final class MappedConstants implements Constants {
    private final Arena arena;
    private final Map<String, Iterator<MemorySegment>> left = new ConcurrentHashMap<>();

    /** @param arena owns the memory, and is closed with these constants */
    MappedConstants(Arena arena, Map<String, List<MemorySegment>> constants) {
        this.arena = arena;
        constants.forEach((node, segments) -> left.put(node, segments.iterator()));
    }

    @Override
    public MemorySegment take(String node, long bytes, Consumer<MemorySegment> writer) {
        Iterator<MemorySegment> segments = left.get(node);
        if (segments == null || !segments.hasNext()) {
            throw damaged("node " + node + " needs more constants than there are");
        }
        MemorySegment next = segments.next();
        if (next.byteSize() < bytes || next.byteSize() > Math.max(bytes, ALIGNMENT)) {
            throw damaged("a constant of node " + node + " has " + next.byteSize() + " bytes, not " + bytes);
        }
        return next;
    }

    @Override
    public MemorySegment takeInPlace(String node, MemorySegment memory) {
        throw new IllegalStateException("node " + node + " has its constants in a file already");
    }

    private static HoneException damaged(String complaint) {
        return new HoneException(Category.CHECKPOINT, complaint + "; compile the model again");
    }

    @Override
    public void close() {
        arena.close();
    }
}
