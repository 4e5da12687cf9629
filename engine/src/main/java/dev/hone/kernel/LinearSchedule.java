package dev.hone.kernel;

import dev.hone.machine.Isa;

/**
 * How a linear layer walks through its operands. No bit of the result depends on it.
 *
 * @param rows rows of the highest tile, whose sums stay in registers; every smaller height has its own loop
 * @param vectors vectors of columns of a tile, the width of a panel of weights
 * @param fetchAhead bytes that weights are fetched ahead of a single tile
 * @param blockBytes bytes of input rows that stay in the second-level cache while the panels stream past
 * @param depthBlock words of an input row that are multiplied for all rows of a block before the next ones are taken
 *     up, so that a part of a panel serves many tiles; the sums wait on the stack; {@link #WHOLE} for all words at once
 * @param bandRows fewest rows of a band when the workers of a plan share a product; {@link #ESTIMATED} to leave the
 *     number of bands to the estimate
 */
public record LinearSchedule(int rows, int vectors, int fetchAhead, int blockBytes, int depthBlock, int bandRows) {
    /** A depth that is not cut into blocks. */
    public static final int WHOLE = 0;

    /** Bands as many as the estimate gives. */
    public static final int ESTIMATED = 0;

    /** Measured on Zen 5: 8 rows ran a quarter faster than without it, and alike from 8 to 32 kilobytes. */
    private static final int FETCH_AHEAD = 8192;

    /** Bytes of input rows that share the second-level cache with panels as large as usual. */
    public static final int USUAL_BLOCK_BYTES = 512 * 1024;

    /** Two panels larger than this, one that is multiplied and the next one on its way, leave the cache no room. */
    private static final int LARGE_PANEL_BYTES = 256 * 1024;

    /**
     * Measured on Zen 5 with 48 columns of 3072 f32: 0.68 to 0.92 of the time from 16 to 128 rows and alike at 8, 256
     * and 512; with a half of it 0.95 to 0.98 from 16 to 128 and alike at 512.
     */
    private static final int PART_BYTES = 144 * 1024;

    /** Rows need not stay in the second-level cache where each serves a part of the depth at a time. */
    public static final int WIDE_BLOCK_BYTES = 2 << 20;

    /**
     * Sums on the stack. The JVM enters no Java method with less than 80 kilobytes free beneath its frame (20 pages,
     * -XX:StackShadowPages), so native code that it calls has them on a stack of any size. A frame is some kilobytes
     * larger than its sums.
     */
    private static final int MOST_SUM_BYTES = 64 * 1024;

    public LinearSchedule {
        boolean walks = fetchAhead >= 0 && blockBytes > 0 && depthBlock >= 0 && bandRows >= 0;
        if (rows < 1 || vectors < 1 || !walks) {
            throw new IllegalArgumentException("schedule of " + rows + " x " + vectors);
        }
    }

    /** A schedule that takes the whole depth at once, in as many bands as the estimate gives. */
    public LinearSchedule(int rows, int vectors, int fetchAhead, int blockBytes) {
        this(rows, vectors, fetchAhead, blockBytes, WHOLE, ESTIMATED);
    }

    /** The schedule without tuning for a number of inputs: their depth is cut where panels would be large. */
    static LinearSchedule of(Isa isa, LinearProduct product, int depth) {
        LinearSchedule whole = of(isa, product);
        long words = product.words(depth);
        long wordBytes = (long) whole.vectors * isa.lanes() * product.stepBytes() / product.wordsPerStep();
        return words * wordBytes <= LARGE_PANEL_BYTES
                ? whole
                : whole.withDepthBlock((int) (PART_BYTES / wordBytes)).withBlockBytes(WIDE_BLOCK_BYTES);
    }

    /** The schedule without tuning, which takes the whole depth at once. */
    static LinearSchedule of(Isa isa, LinearProduct product) {
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
            case NEON, NEON_DOTPROD, NEON_I8MM, NEON_BF16 -> neon(isa, product);
        };
    }

    /** What stays in 32 registers as compiled, each tile the largest that does. */
    private static LinearSchedule neon(Isa isa, LinearProduct product) {
        return switch (product) {
            // 24 accumulators, 6 inputs, 2 weights.
            case FLOATS, BFLOATS -> tile(6, 4);
            // Weights are widened beside the others.
            case HALF_WEIGHTS, BFLOAT_WEIGHTS -> tile(5, 4);
            // Widened weights take four registers a vector; with dotprod alone, what inputs are lessened by takes one.
            // Matrices take 16 accumulators and two registers for each pair of rows and each vector.
            case BYTES -> isa == Isa.NEON ? tile(4, 2) : isa == Isa.NEON_DOTPROD ? tile(5, 4) : tile(8, 2);
            case NIBBLES -> nibbles(isa);
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
            // Weights of two words, and for dotprod the sums of a row of zeros; the sums of floats wait on the stack.
            case NEON_DOTPROD -> tile(4, 3);
            case NEON_I8MM, NEON_BF16 -> tile(4, 4);
        };
    }

    private static LinearSchedule tile(int rows, int vectors) {
        return new LinearSchedule(rows, vectors, FETCH_AHEAD, USUAL_BLOCK_BYTES);
    }

    /** Whether it takes the whole depth at once. */
    public boolean isWhole() {
        return depthBlock == WHOLE;
    }

    public LinearSchedule withTile(int otherRows, int otherVectors) {
        return new LinearSchedule(otherRows, otherVectors, fetchAhead, blockBytes, depthBlock, bandRows);
    }

    public LinearSchedule withFetchAhead(int bytes) {
        return new LinearSchedule(rows, vectors, bytes, blockBytes, depthBlock, bandRows);
    }

    public LinearSchedule withBlockBytes(int bytes) {
        return new LinearSchedule(rows, vectors, fetchAhead, bytes, depthBlock, bandRows);
    }

    public LinearSchedule withDepthBlock(int words) {
        return new LinearSchedule(rows, vectors, fetchAhead, blockBytes, words, bandRows);
    }

    public LinearSchedule withBandRows(int fewest) {
        return new LinearSchedule(rows, vectors, fetchAhead, blockBytes, depthBlock, fewest);
    }

    /** Rows of the largest block whose sums can wait on the stack. */
    public int mostRowsInBlock(Isa isa) {
        return Math.max(rows, MOST_SUM_BYTES / (vectors * isa.lanes() * Float.BYTES));
    }

    /** The schedule in problem lines; what is left to its usual value at the end is not named. */
    public String line() {
        return "tile=" + rows + "x" + vectors + " fetch=" + fetchAhead + " block=" + blockBytes
                + (isWhole() ? "" : " depth=" + depthBlock) + bandLine();
    }

    /** The end of {@link #line} that no kernel knows of. */
    public String bandLine() {
        return bandRows == ESTIMATED ? "" : " band=" + bandRows;
    }
}
