package dev.hone.kernel;

/**
 * The block of scores, and of sums of values, that stays in registers.
 *
 * @param rows queries
 * @param vectors vectors of keys, and of columns of the head
 */
record AttentionTile(int rows, int vectors) {
    static AttentionTile of(AttentionKernel kernel) {
        return switch (kernel.isa()) {
            // Vectors of 16 lanes fill several registers here.
            case GENERIC -> new AttentionTile(2, 1);
            case AVX2 -> new AttentionTile(6, 1);
            // 4 registers a vector: 16 accumulators, 4 of keys or columns, and the inputs.
            case NEON, NEON_DOTPROD, NEON_I8MM, NEON_BF16 -> new AttentionTile(4, 1);
            // 16 accumulators hide the latency. With 24 (12x2) the loop over values spilled, and ran a tenth slower at
            // 512
            // keys of 32 columns; 6x4 at 64 columns was as fast, with more code to compile.
            case AVX512, AVX512_VNNI, AVX512_BF16 -> new AttentionTile(8, 2);
        };
    }
}
