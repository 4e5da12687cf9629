package dev.hone.runtime;

import dev.hone.kernel.Kernel;
import java.util.List;

/** A step before there is code for it: the kernels that it needs, and how it is bound to them. */
public sealed interface StepSpec
        permits ActivateStep.Spec,
                AttentionStep.Spec,
                ConvertStep.Spec,
                EmbeddingStep.Spec,
                FirstTokenStep.Spec,
                LayerNormStep.Spec,
                LinearStep.Spec,
                NormalizeStep.Spec,
                PoolStep.Spec,
                QuantizeStep.Spec {
    List<Kernel> kernels();

    /** Buffers that it reads, by number in the buffer plan. */
    List<Integer> reads();

    /** The buffer that it writes, or the first of them. */
    int writes();

    /** All buffers that it writes. */
    default List<Integer> written() {
        return List.of(writes());
    }

    /**
     * Whether each row of a token that it writes follows from the same row of what it reads: a worker then goes on with
     * rows of its own from one such step to the next, and waits for nobody.
     */
    default boolean rowwise() {
        return false;
    }

    /** Copies or packs the constants it needs and returns the step, ready to run. */
    Step bind(Binding binding);

    /** Bytes of private memory that each worker needs for sequences of up to the given length. */
    default long scratchBytes(int longestSequence) {
        return 0;
    }
}
