package dev.hone.measure;

/**
 * Floating-point operations that the products of an encoder need, counted from its sizes.
 *
 * @param layers transformer layers
 * @param hidden width of a token's row
 * @param intermediate width between the two feed-forward products
 * @param tokenWeights further weights that multiply every token's row, such as a token classifier
 * @param sequenceWeights further weights that multiply one row of each sequence, such as a pooler
 */
public record EncoderWork(int layers, int hidden, int intermediate, long tokenWeights, long sequenceWeights) {
    /** Two operations for each weight and row, and for each pair of tokens in the two products of attention. */
    public double operations(InputShape shape) {
        double rows = (double) shape.batch() * shape.sequence();
        double layerWeights = 4.0 * hidden * hidden + 2.0 * hidden * intermediate;
        double linear = 2.0 * rows * (layers * layerWeights + tokenWeights);
        double attention = 4.0 * rows * shape.sequence() * hidden * layers;
        return linear + attention + 2.0 * shape.batch() * sequenceWeights;
    }
}
