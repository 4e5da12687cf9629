package dev.hone.runtime;

import dev.hone.kernel.LinearSchedule;

/**
 * The part of a product that one worker computes: some rows of some panels of the weights.
 *
 * <p>The rows are cut into bands. A band has about as many workers as any other and rows in proportion to them, and
 * its workers deal the panels out among them. One band shares the columns alone, bands of one worker share the rows
 * alone, and all between is a partition in two dimensions, for which no number of workers need be a product of two.
 */
public record Partition(int firstRow, int endRow, int firstPanel, int endPanel) {
    /**
     * Rows whose products take about as long as reading a panel of weights from memory. On two cores of Zen 5 the
     * limits of arithmetic and of memory meet at 21 or 22 rows of bert-base, in f32, bf16 and int8 alike, because
     * narrower weights are read and multiplied quicker by the same factor.
     */
    private static final int ROWS_OF_READING = 20;

    /**
     * A worker's part.
     *
     * @param rows all rows of the product
     * @param panels all panels of the weights
     * @param bandRows as {@link #bands} takes it
     * @param part the worker's number among {@code parts}
     */
    public static Partition of(int rows, int panels, int bandRows, int part, int parts) {
        return inBands(rows, panels, part, parts, bands(rows, panels, bandRows, parts));
    }

    /**
     * How many bands a product is cut into.
     *
     * @param bandRows fewest rows of a band, of which there are then as many as possible, though no more than workers;
     *     {@link LinearSchedule#ESTIMATED} for as many as the estimate gives
     * @param parts workers
     */
    public static int bands(int rows, int panels, int bandRows, int parts) {
        return bandRows == LinearSchedule.ESTIMATED
                ? estimatedBands(rows, panels, parts)
                : Math.clamp(rows / bandRows, 1, parts);
    }

    /**
     * The bands with the least estimated time of the slowest worker; as few as give it, since each band reads all
     * weights.
     */
    private static int estimatedBands(int rows, int panels, int parts) {
        int bands = 1;
        long least = Long.MAX_VALUE;
        for (int count = 1; count <= parts; count++) {
            long estimate = estimate(rows, panels, parts, count);
            if (estimate < least) {
                bands = count;
                least = estimate;
            }
        }
        return bands;
    }

    /** The part when the workers work on a given number of bands. */
    static Partition inBands(int rows, int panels, int part, int parts, int bands) {
        int band = (int) (((long) (part + 1) * bands - 1) / parts);
        int firstWorker = start(parts, band, bands);
        int endWorker = start(parts, band + 1, bands);
        int workers = endWorker - firstWorker;
        return new Partition(
                start(rows, firstWorker, parts),
                start(rows, endWorker, parts),
                start(panels, part - firstWorker, workers),
                start(panels, part - firstWorker + 1, workers));
    }

    public boolean isEmpty() {
        return firstRow == endRow || firstPanel == endPanel;
    }

    private static int start(int count, int part, int parts) {
        return (int) ((long) count * part / parts);
    }

    /** The products of the slowest worker, counting those that reading weights is worth; bands differ by one worker. */
    private static long estimate(int rows, int panels, int parts, int bands) {
        return Math.max(
                estimateOfBand(rows, panels, parts, parts / bands),
                estimateOfBand(rows, panels, parts, Math.ceilDiv(parts, bands)));
    }

    private static long estimateOfBand(int rows, int panels, int parts, int workers) {
        long bandRows = Math.ceilDiv((long) rows * workers, parts);
        return (bandRows + ROWS_OF_READING) * Math.ceilDiv(panels, workers);
    }
}
