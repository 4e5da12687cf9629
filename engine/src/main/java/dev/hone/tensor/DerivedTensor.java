package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A tensor of another one's shape whose elements are made of the other's as they are read. */
abstract sealed class DerivedTensor implements Tensor
        permits ConvertedTensor, MixedTensor, NibbleTensor, QuantizedTensor, ScaledTensor {
    private final Tensor source;

    DerivedTensor(Tensor source) {
        this.source = source;
    }

    final Tensor source() {
        return source;
    }

    @Override
    public final Shape shape() {
        return source.shape();
    }

    @Override
    public final int fastAxis() {
        return source.fastAxis();
    }

    /** Empty, because the memory holds other elements. */
    @Override
    public final Optional<MemorySegment> rowMajorMemory() {
        return Optional.empty();
    }
}
