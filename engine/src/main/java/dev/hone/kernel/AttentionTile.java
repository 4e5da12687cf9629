package dev.hone.kernel;

/**
 * The block of scores, and of sums of values, that stays in registers.
 *
 * @param rows queries
 * @param vectors vectors of keys, and of columns of the head
 */
record AttentionTile(int rows, int vectors) {
    static AttentionTile of(AttentionKernel kernel) {
        int headVectors = kernel.paddedHead() / kernel.isa().lanes();
        return switch (kernel.isa()) {
            case GENERIC -> new AttentionTile(4, 2);
            case AVX2 -> new AttentionTile(6, 2);
            // 24 accumulators either way: narrow heads take more queries, so that a tile of sums is as large.
            case AVX512 -> headVectors <= 2 ? new AttentionTile(12, 2) : new AttentionTile(6, 4);
        };
    }
}
