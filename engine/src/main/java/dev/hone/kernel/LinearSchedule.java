package dev.hone.kernel;

import dev.hone.machine.Isa;

/**
 * How a linear layer walks through its operands. No bit of the result depends on it.
 *
 * @param rows rows of the highest tile, whose sums stay in registers; every smaller height has its own loop
 * @param vectors vectors of columns of a tile, the width of a panel of weights
 * @param fetchAhead bytes that weights are fetched ahead of a single tile
 * @param blockBytes bytes of input rows that stay in the second-level cache while the panels stream past
 */
public record LinearSchedule(int rows, int vectors, int fetchAhead, int blockBytes) {
    /** Measured on Zen 5: 8 rows ran a quarter faster than without it, and alike from 8 to 32 kilobytes. */
    private static final int FETCH_AHEAD = 8192;

    private static final int BLOCK_BYTES = 512 * 1024;

    public LinearSchedule {
        if (rows < 1 || vectors < 1 || fetchAhead < 0 || blockBytes < 1) {
            throw new IllegalArgumentException("schedule of " + rows + " x " + vectors);
        }
    }

    /** The schedule without tuning. */
    public static LinearSchedule of(Isa isa, LinearProduct product) {
        if (product == LinearProduct.NIBBLES) {
            return nibbles(isa);
        }
        boolean widened = product.widens(isa);
        return switch (isa) {
            // 8 accumulators + 2 weights + 1 input and 1 product: 12 of 16 registers, also where there is no fused
            // multiply-add.
            case GENERIC -> tile(widened ? 2 : 4, 2);
            // 12 accumulators + 2 weights + 1 input: 15 of 16. Widened bytes need two registers an operand.
            case AVX2 -> tile(widened ? 4 : 6, 2);
            // 24 accumulators + 3 weights + inputs: 28 of 32, and 9 addresses fit the general registers.
            case AVX512, AVX512_VNNI, AVX512_BF16 -> tile(widened ? 6 : 8, 3);
            // 24 accumulators + 4 weights + inputs: 29 of 32. Widened weights take four registers a vector.
            case NEON, NEON_DOTPROD, NEON_I8MM, NEON_BF16 -> tile(widened ? 4 : 6, widened ? 3 : 4);
        };
    }

    /** The sums of groups and those of floats share the registers; what is left holds the weights of two words. */
    private static LinearSchedule nibbles(Isa isa) {
        return switch (isa) {
            case GENERIC -> tile(2, 2);
            // The sums of floats wait on the stack.
            case AVX2 -> tile(4, 2);
            // 14 sums of groups + 4 weights + inputs; some of the 14 sums of floats wait on the stack.
            // Measured on Zen 5 against 6 rows: 6 to 18 % quicker at 8, 8 to 12 % at 16, up to 2 % slower at 32, 128.
            case AVX512, AVX512_VNNI, AVX512_BF16 -> tile(7, 2);
            case NEON -> tile(2, 2);
            // 16 sums of groups + 8 weights + inputs; the sums of floats wait on the stack.
            case NEON_DOTPROD, NEON_I8MM, NEON_BF16 -> tile(4, 4);
        };
    }

    private static LinearSchedule tile(int rows, int vectors) {
        return new LinearSchedule(rows, vectors, FETCH_AHEAD, BLOCK_BYTES);
    }

    /** The schedule in problem lines. */
    public String line() {
        return "tile=%dx%d fetch=%d block=%d".formatted(rows, vectors, fetchAhead, blockBytes);
    }
}
