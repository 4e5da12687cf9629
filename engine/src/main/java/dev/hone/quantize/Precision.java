package dev.hone.quantize;

import dev.hone.HoneException;
import dev.hone.transform.Pipeline;
import dev.hone.transform.RewriteRule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the large products of a model are computed. */
public enum Precision {
    /** Single precision everywhere. */
    F32,
    /**
     * Weights of 16 bits with the range of f32. Where the processor multiplies such numbers, linear layers and
     * attention round both operands of each product; elsewhere the weights are widened and products are f32.
     */
    BF16,
    /** Weights of 16 bits with 11 significant ones, widened as they are read; products are f32. */
    F16,
    /**
     * Weights and rows as bytes, sums in integers: a scale for each weight row, a range for each row of tokens.
     * Attention is as with {@link #BF16}.
     */
    INT8,
    /**
     * As {@link #INT8} with weights of four bits: a scale for each 32 neighbours in a weight row. For short inputs,
     * when reading the weights takes the time; it moves answers more than the others do.
     */
    INT4;

    /** The lower-case name in options and answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The precision of a label.
     *
     * @throws HoneException of category USAGE for an unknown one, with the known ones
     */
    public static Precision parse(String label) {
        for (Precision precision : values()) {
            if (precision.label().equals(label.toLowerCase(Locale.ROOT))) {
                return precision;
            }
        }
        throw new HoneException(
                HoneException.Category.USAGE,
                "unknown precision '" + label + "': use one of "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(Precision::label).toList()));
    }

    /**
     * A pipeline that brings a graph to this precision after its own passes, which give a graph of fused operators.
     *
     * @param bfloatProducts whether bf16 numbers may be multiplied as such; f32 products have the same bits on every
     *     processor with fused multiply-add, and so have sums of bytes
     */
    public Pipeline after(Pipeline fusion, boolean bfloatProducts) {
        Pipeline pipeline = fusion;
        for (RewriteRule rule : rules(bfloatProducts)) {
            pipeline = pipeline.then(rule);
        }
        return pipeline;
    }

    /** What brings layers to this precision, as in {@link #after}. */
    List<RewriteRule> rules(boolean bfloatProducts) {
        return switch (this) {
            case F32 -> List.of();
            case BF16 -> withAttention(NarrowLinear.toBfloat(bfloatProducts), bfloatProducts);
            case F16 -> List.of(NarrowLinear.toHalf());
            case INT8 -> withAttention(new QuantizeLinear(), bfloatProducts);
            case INT4 -> withAttention(new GroupLinear(), bfloatProducts);
        };
    }

    private static List<RewriteRule> withAttention(RewriteRule linear, boolean bfloatProducts) {
        return bfloatProducts ? List.of(linear, new NarrowAttention()) : List.of(linear);
    }
}
