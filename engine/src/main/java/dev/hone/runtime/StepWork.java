package dev.hone.runtime;

import dev.hone.tensor.DType;

/**
 * What a step has to do at the least for the rows of one piece of a batch, however it is shared.
 *
 * @param arithmetic the type of the operands of its products: F32, BF16 or I8
 * @param operations two for each multiplication and addition of a product; none for steps that only move over rows
 * @param weightBytes constants that are read, each counted once
 * @param rowBytes rows that are read and written, each counted once
 */
public record StepWork(DType arithmetic, long operations, long weightBytes, long rowBytes) {
    /** The work of a step without products. */
    static StepWork onRows(long weightBytes, long rowBytes) {
        return new StepWork(DType.F32, 0, weightBytes, rowBytes);
    }

    /** Both, where the arithmetic is the same. */
    public StepWork plus(StepWork other) {
        if (arithmetic != other.arithmetic) {
            throw new IllegalArgumentException("work in " + arithmetic.text() + " and in " + other.arithmetic.text());
        }
        return new StepWork(
                arithmetic, operations + other.operations, weightBytes + other.weightBytes, rowBytes + other.rowBytes);
    }

    public long bytes() {
        return weightBytes + rowBytes;
    }
}
