package dev.hone.runtime;

import java.util.List;

/**
 * Where the time of one run went.
 *
 * @param start {@link System#nanoTime} as the run began, its inputs checked
 * @param end the same with its answers in place
 * @param pieces the parts of the batch, one after the other
 */
public record RunProfile(long start, long end, List<PieceProfile> pieces) {
    public RunProfile {
        pieces = List.copyOf(pieces);
    }

    /** Nanoseconds of the whole run. */
    public long duration() {
        return end - start;
    }
}
