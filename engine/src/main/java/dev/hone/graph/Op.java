package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.RowRange;
import dev.hone.tensor.Shape;
import java.util.List;

/**
 * What a node computes. Attributes are the record's components; operands are the node's inputs, in the order given
 * here.
 *
 * <p>The first group are the small operators that exported graphs are made of, the second the fused operators that
 * transforms make of them and that the runtime runs. Each node has one output. {@code b} stands for the batch,
 * {@code s} for the sequence length, {@code h} for the hidden size.
 */
public sealed interface Op {
    /** Elementwise function of two operands, broadcast as NumPy does. */
    record Binary(BinaryFunction function) implements Op {}

    /** Elementwise function of one operand. */
    record Unary(UnaryFunction function) implements Op {}

    /** Elementwise choice: condition, value where true, value where false; all broadcast. */
    record Where() implements Op {}

    /** Conversion to another element type; float to integer truncates, anything to bool is "not zero". */
    record Cast(DType to) implements Op {}

    /** Product of the two last axes, leading axes broadcast. */
    record MatMul() implements Op {}

    /** {@code output.axis[i] = input.axis[permutation[i]]}. */
    record Transpose(List<Integer> permutation) implements Op {
        public Transpose {
            permutation = List.copyOf(permutation);
        }
    }

    /** The same elements in row-major order under another shape. */
    record Reshape(Shape target) implements Op {}

    /** Repetition along axes of extent 1, to the given shape; the rank may grow at the front. */
    record Expand(Shape target) implements Op {}

    /**
     * Operands: data, indices. Elements of one axis picked by index, which takes the axis's place; negative counts
     * from the end.
     */
    record Gather(int axis) implements Op {}

    /** The part of one axis from start (inclusive) to end (exclusive), step 1. */
    record Slice(int axis, Dim start, Dim end) implements Op {}

    /** Operands end to end along an axis. */
    record Concat(int axis) implements Op {}

    /** exp(x - max) divided by its sum, along the axis. */
    record Softmax(int axis) implements Op {}

    /** A reduction over axes, which stay with extent 1 or go. */
    record Reduce(ReduceFunction function, List<Integer> axes, boolean keepAxes) implements Op {
        public Reduce {
            axes = List.copyOf(axes);
        }
    }

    /** Running sum along an axis, each element included. */
    record CumulativeSum(int axis) implements Op {}

    /** 0, 1, 2, … of a 64-bit integer vector of the given extent; no operands. */
    record Range(Dim extent) implements Op {}

    /** The training-time operator; the identity when a model answers. */
    record Dropout(double rate) implements Op {}

    /**
     * Operands: x, gamma [h], beta [h]. Normalisation of the last axis: (x - mean) / sqrt(variance + epsilon) * gamma
     * + beta.
     */
    record LayerNorm(double epsilon) implements Op {}

    /** An activation function, elementwise. */
    record Activate(Activation activation) implements Op {}

    /**
     * Operands: ids [b, s], types [b, s], word table [v, e], position table [p, e], type table [t, e], gamma [e], beta
     * [e]
     * → [b, s, e]. The sum of the three rows, normalised as by {@link LayerNorm}. A model without token types leaves
     * types
     * and type table out.
     */
    record Embedding(PositionScheme positions, double epsilon) implements Fused {}

    /**
     * Operands: x [.., k], weight [n, k], bias [n] → [.., n]. {@code activation(x · weightᵀ + bias)}: weights hold one
     * row
     * for each output column, as Hugging Face checkpoints do. Weights may be F32, F16 or BF16 whatever the arithmetic.
     *
     * @param arithmetic F32, or BF16: x and weight are rounded to the nearest brain float, ties to even, before they
     *     are multiplied; sums are f32 in both
     */
    record Linear(Activation activation, DType arithmetic) implements Fused {
        public Linear {
            requireProducts(arithmetic);
        }
    }

    /**
     * Operands: x [.., k] F32, weight [n, k] I8, scales [n] F32, bias [n] F32 → [.., n] F32. A linear layer in
     * integers: rows of x are quantised to bytes, as {@link dev.hone.tensor.QuantizedRow} defines, and
     *
     * <pre>
     * t_n = sum_i q_i · weight_ni − zero · sum_i weight_ni                     exact in 32 bits
     * y_n = activation((float) t_n · (step · scales_n) + bias_n)              f32, each operation rounded once
     * </pre>
     *
     * <p>Where the range is each row's own, rows of x are mixed by their {@link dev.hone.tensor.Rotation}, and so must
     * those of the weight be. k is at most {@link #LARGEST_DEPTH}, so that no sum leaves 32 bits.
     *
     * @param range each row's own, or one for all rows, beyond which numbers are cut off
     */
    record QuantizedLinear(Activation activation, RowRange range) implements Fused {
        /** Each row by itself. */
        public QuantizedLinear(Activation activation) {
            this(activation, RowRange.OWN);
        }

        /** 255 · 128 · 65793 is the last multiple that a signed integer of 32 bits holds. */
        public static final int LARGEST_DEPTH = Integer.MAX_VALUE / (255 * 128);
    }

    /**
     * Operands: x [.., k] F32, weight [n, k] I8 that holds {@link dev.hone.tensor.Nibbles}, scales [n, g] BF16
     * for the {@code g = ceil(k / 32)} groups of inputs, bias [n] F32 → [.., n] F32. A linear layer with weights of
     * four bits: every 32 inputs of an output have a scale of their own. Rows are quantised as for
     * {@link QuantizedLinear}, and
     *
     * <pre>
     * t_ng = sum over group g of q_i · weight_ni;  w_ng = sum over group g of weight_ni        exact
     * f_n = fma((float) t_ng, scales_ng, f_n), for each g in order, from 0                     one rounding each
     * c_n = fma((float) w_ng, scales_ng, c_n), for each g in order, from 0                     one rounding each
     * y_n = activation(fma(−(float) zero, c_n, f_n) · step + bias_n)                           three roundings
     * </pre>
     *
     * <p>The products of a row's zero are so taken off once a row and output, not once a group. Scales that are not
     * zero have a magnitude of at least 2⁻¹⁰⁰, which leaves kernels room to divide them by a power of two.
     */
    record GroupedLinear(Activation activation) implements Fused {}

    /**
     * Operands: merged queries, keys and values [b, s, 3·heads·headSize] (all queries first, heads in order), mask [b,
     * s]
     * (1 for a token, 0 for padding) → [b, s, heads·headSize]. {@code softmax(scale · q·kᵀ over unmasked keys) · v}.
     *
     * @param arithmetic F32, or BF16: queries, keys, values and the weights that softmax gives are rounded to the
     *     nearest brain float before they are multiplied; sums and softmax are f32 in both
     */
    record Attention(int heads, int headSize, double scale, DType arithmetic) implements Fused {
        public Attention {
            requireProducts(arithmetic);
        }
    }

    /** Operands: x, residual, gamma [h], beta [h]. {@code LayerNorm(x + residual)}. */
    record ResidualLayerNorm(double epsilon) implements Op {}

    /** Operand: x [b, s, h] → [b, h]: the row of each sequence's first token. */
    record FirstToken() implements Fused {}

    /** Operand: x [b, s, n] → [b, s]: one column. */
    record Column(int index) implements Fused {}

    /** Operands: x [b, s, h], mask [b, s] → [b, h] over unmasked tokens. */
    record Pool(Pooling pooling) implements Fused {}

    /** Operand: x [.., h]. Each row divided by the larger of its Euclidean length and epsilon. */
    record Normalize(double epsilon) implements Op {}

    private static void requireProducts(DType arithmetic) {
        if (arithmetic != DType.F32 && arithmetic != DType.BF16) {
            throw new IllegalArgumentException("products are f32 or bf16, not " + arithmetic.text());
        }
    }

    /** Operators that exist only after fusion and fix the rank of their operands. */
    sealed interface Fused extends Op {}

    /** Functions of two operands; comparisons and logic give bool. */
    enum BinaryFunction {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        POWER,
        MAXIMUM,
        MINIMUM,
        EQUAL,
        LESS,
        GREATER,
        LESS_OR_EQUAL,
        GREATER_OR_EQUAL,
        AND,
        OR
    }

    /** Functions of one operand. */
    enum UnaryFunction {
        NEGATE,
        ABSOLUTE,
        SQUARE_ROOT,
        RECIPROCAL,
        EXP,
        LOG,
        ERF,
        TANH,
        SIGMOID,
        NOT,
        IS_NAN
    }

    /** Reductions; L2 is the square root of the sum of squares. */
    enum ReduceFunction {
        SUM,
        MEAN,
        MAXIMUM,
        L2
    }

    /** Ways to make one row of a sequence's rows. */
    enum Pooling {
        MEAN,
        CLS,
        MAX
    }
}
