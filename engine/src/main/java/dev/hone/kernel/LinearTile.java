package dev.hone.kernel;

import dev.hone.machine.Isa;

/**
 * The block of C that stays in registers.
 *
 * @param rows rows of the highest tile; every smaller height has its own loop
 * @param vectors vectors of columns, the width of a panel
 */
record LinearTile(int rows, int vectors) {
    static LinearTile of(Isa isa) {
        return switch (isa) {
            // 8 accumulators + 2 weights + 1 input and 1 product: 12 of 16 registers, also where there is no fused
            // multiply-add.
            case GENERIC -> new LinearTile(4, 2);
            // 12 accumulators + 2 weights + 1 input: 15 of 16.
            case AVX2 -> new LinearTile(6, 2);
            // 24 accumulators + 3 weights + inputs: 28 of 32, and 9 addresses fit the general registers.
            case AVX512 -> new LinearTile(8, 3);
        };
    }
}
