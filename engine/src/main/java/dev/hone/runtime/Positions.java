package dev.hone.runtime;

import dev.hone.graph.PositionScheme;

/** Rows of the position table for the tokens of a sequence. */
final class Positions {
    private Positions() {}

    static int[] of(PositionScheme scheme, int[] ids) {
        int[] positions = new int[ids.length];
        int next = scheme.offset();
        for (int token = 0; token < ids.length; token++) {
            boolean skipped = ids[token] == scheme.skippedId();
            positions[token] = skipped ? scheme.offset() - 1 : next++;
        }
        return positions;
    }
}
