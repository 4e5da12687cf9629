package dev.hone.kernel;

import dev.hone.graph.Op;
import dev.hone.machine.Isa;

/**
 * The layout of the weights of a linear layer.
 *
 * <p>Columns are cut into panels of {@link #panelColumns()}; the last one is only as many vectors wide as its columns
 * need. A panel is contiguous: first lines of 32-bit values a column (the bias, zeros where there is none; for bytes
 * also the scales and the sums of the weights, for nibbles the sums of the weights times their scales), then for each
 * step of the inner loop the weights of its columns. Columns and depths beyond N and K are zero. The panels follow
 * each other, so that a product reads one stream.
 *
 * <p>A step of nibbles is a group: the scales of the columns as bf16, then for each pair of words and each column four
 * bytes, whose low halves are the weights of the first word and whose high halves those of the second.
 *
 * @param isa whose vectors it is packed for
 * @param product what is multiplied
 * @param schedule whose panels these are
 * @param depth K, the inputs of the layer
 * @param columns N, the outputs of the layer
 */
public record PackedWeights(Isa isa, LinearProduct product, LinearSchedule schedule, int depth, int columns) {
    public PackedWeights {
        if (product == LinearProduct.BYTES && depth > Op.QuantizedLinear.LARGEST_DEPTH) {
            throw new IllegalArgumentException(depth + " products of bytes may leave 32 bits");
        }
    }

    /** Columns of a full panel. */
    public int panelColumns() {
        return schedule.vectors() * isa.lanes();
    }

    /** Panels, the narrower last one included. */
    public int panels() {
        return Math.ceilDiv(columns, panelColumns());
    }

    /** Vectors of the last panel when it is narrower than the others, else 0. */
    public int tailVectors() {
        return Math.ceilDiv(columns % panelColumns(), isa.lanes()) % schedule.vectors();
    }

    /** Columns with the padding of the last vector. */
    public int paddedColumns() {
        return tailVectors() == 0
                ? panels() * panelColumns()
                : columns / panelColumns() * panelColumns() + tailVectors() * isa.lanes();
    }

    /** Words of a row of inputs. */
    public int words() {
        return product.words(depth);
    }

    /** Steps of the inner loop. */
    int steps() {
        return Math.ceilDiv(depth, product.depthsPerStep());
    }

    /** Bytes of a column in its panel. */
    long columnBytes() {
        return (long) product.headerLines() * Integer.BYTES + (long) steps() * product.stepBytes();
    }

    /** Bytes of the packed weights; align them to 64. */
    public long bytes() {
        return columnBytes() * paddedColumns();
    }

    /** Columns of a panel, padding included. */
    public int width(int panel) {
        return Math.min(panelColumns(), paddedColumns() - panel * panelColumns());
    }

    /** Where a panel begins, in bytes. */
    public long panelOffset(int panel) {
        return columnBytes() * panel * panelColumns();
    }
}
