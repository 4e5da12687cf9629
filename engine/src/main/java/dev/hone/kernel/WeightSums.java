package dev.hone.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The sums of the weights of each column, by which a product takes the zeros of rows off: whole numbers for bytes; for
 * nibbles those of the groups times their scales, added up as {@link dev.hone.graph.Op.GroupedLinear} defines. Other
 * products need none.
 */
final class WeightSums {
    private final LinearProduct product;
    private final float[] scales;
    private final int steps;
    private final int depth;
    private final int[] whole;
    private final float[] scaled;

    /** @param scales as {@link WeightPacker} takes them */
    WeightSums(PackedWeights layout, float[] scales) {
        this.product = layout.product();
        this.scales = scales;
        this.steps = layout.steps();
        this.depth = layout.depth();
        this.whole = new int[product.input() == RowForm.QUANTIZED ? layout.paddedColumns() : 0];
        this.scaled = new float[product == LinearProduct.NIBBLES ? layout.paddedColumns() : 0];
    }

    /** Adds all weights of a column. */
    void add(int column, float[] line) {
        for (int index = 0; index < line.length && whole.length > 0; index++) {
            add(column, index, line[index]);
        }
    }

    /** Adds one weight; those of a column come in order. */
    void add(int column, int index, float weight) {
        if (whole.length == 0) {
            return;
        }
        whole[column] += (int) weight;
        int next = index + 1;
        if (scaled.length > 0 && (next % product.depthsPerStep() == 0 || next == depth)) {
            float scale = scales[column * steps + index / product.depthsPerStep()];
            scaled[column] = Math.fma((float) whole[column], scale, scaled[column]);
            whole[column] = 0;
        }
    }

    void writeWhole(int first, int count, MemorySegment destination, long position) {
        MemorySegment.copy(whole, first, destination, ValueLayout.JAVA_INT, position, count);
    }

    void writeScaled(int first, int count, MemorySegment destination, long position) {
        MemorySegment.copy(scaled, first, destination, ValueLayout.JAVA_FLOAT, position, count);
    }
}
