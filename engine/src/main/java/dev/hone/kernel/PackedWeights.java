package dev.hone.kernel;

import dev.hone.machine.Isa;

/**
 * The layout of the weights of a linear layer.
 *
 * <p>Columns are cut into panels of {@link #panelColumns()}; the last one is only as many vectors wide as its columns
 * need. A panel is contiguous: first its bias (zeros where there is none), then for each k the weights of its columns.
 * Columns beyond N are zero. The panels follow each other, so that a product reads one stream.
 *
 * @param isa whose vectors it is packed for
 * @param depth K, the inputs of the layer
 * @param columns N, the outputs of the layer
 */
public record PackedWeights(Isa isa, int depth, int columns) {
    /** Columns of a full panel. */
    public int panelColumns() {
        return LinearTile.of(isa).vectors() * isa.lanes();
    }

    /** Panels, the narrower last one included. */
    public int panels() {
        return Math.ceilDiv(columns, panelColumns());
    }

    /** Vectors of the last panel when it is narrower than the others, else 0. */
    public int tailVectors() {
        return Math.ceilDiv(columns % panelColumns(), isa.lanes())
                % LinearTile.of(isa).vectors();
    }

    /** Columns with the padding of the last vector. */
    public int paddedColumns() {
        return tailVectors() == 0
                ? panels() * panelColumns()
                : columns / panelColumns() * panelColumns() + tailVectors() * isa.lanes();
    }

    /** Bytes of the packed weights; align them to 64. */
    public long bytes() {
        return (depth + 1L) * paddedColumns() * Float.BYTES;
    }

    /** Columns of a panel, padding included. */
    public int width(int panel) {
        return Math.min(panelColumns(), paddedColumns() - panel * panelColumns());
    }

    /** Where a panel begins, in floats. */
    public long panelOffset(int panel) {
        return (depth + 1L) * panel * panelColumns();
    }
}
