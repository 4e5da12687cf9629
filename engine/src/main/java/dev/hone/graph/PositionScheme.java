package dev.hone.graph;

/**
 * How a token's row of the position table is found.
 *
 * @param offset added to the token's place in its sequence
 * @param skippedId a padding id that does not count and that itself takes the row {@code offset - 1}, as RoBERTa does;
 *     −1 where every token counts, as in BERT
 */
public record PositionScheme(int offset, int skippedId) {
    /** Places 0, 1, 2, …. */
    public static final PositionScheme ABSOLUTE = new PositionScheme(0, -1);

    /** RoBERTa's places: they start after the padding id, and tokens with that id do not count. */
    public static PositionScheme skipping(int paddingId) {
        return new PositionScheme(paddingId + 1, paddingId);
    }
}
