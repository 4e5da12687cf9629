package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The masks of a model's attention: what hides padding, in the form that the fused operators read. */
final class AttentionMasks {
    /** Scores that are lowered by less are not hidden but weighted. */
    private static final double HIDES = -1e3;

    private static final double LOWEST = -Float.MAX_VALUE;

    private final OptimizerSettings settings;
    private final Map<String, String> operands = new HashMap<>();

    AttentionMasks(OptimizerSettings settings) {
        this.settings = settings;
    }

    /**
     * A mask.
     *
     * @param source ones for tokens and zeros for padding, {@code [batch, tokens]}
     * @param hidden what is added to the scores of padding
     */
    record Found(String source, double hidden) {}

    /**
     * The mask of the scores; empty where there is none or none is wanted.
     *
     * @param keys the rows whose scores it hides, {@code [batch, tokens, width]}
     * @throws Mismatch when what hides scores is no mask of tokens
     */
    Optional<Found> find(Scores scores, String keys, Look look) {
        Optional<Found> found = scores.added()
                .map(value -> added(value, look))
                .or(() -> scores.chosen().map(value -> chosen(scores, value, look)));
        found.ifPresent(mask -> {
            List<Amount> tokens = look.shape(keys).subList(0, 2);
            Mismatch.unless(
                    look.shape(mask.source()).equals(tokens),
                    "the mask " + mask.source() + " has the shape " + look.shape(mask.source()) + " beside tokens of "
                            + tokens);
        });
        return settings.has(Switch.NO_ATTENTION_MASK) ? Optional.empty() : found;
    }

    private static Found added(String value, Look look) {
        MaskTrace trace = trace(value, look);
        Mismatch.unless(
                trace.atOne() == 0 && trace.atZero() <= HIDES,
                value + " adds " + trace.atOne() + " where the mask is 1 and " + trace.atZero() + " where it is 0");
        return new Found(trace.source(), Math.max(trace.atZero(), LOWEST));
    }

    private static Found chosen(Scores scores, String condition, Look look) {
        MaskTrace trace = trace(condition, look);
        double fills = scores.fillsWhereTrue() ? 1 : 0;
        Mismatch.unless(
                trace.atZero() == fills && trace.atOne() == 1 - fills,
                condition + " does not choose the padding of " + trace.source());
        Mismatch.unless(scores.filling() <= HIDES, "padding gets the score " + scores.filling());
        return new Found(trace.source(), Math.max(scores.filling(), LOWEST));
    }

    /** A function of one mask along the batch and the keys of {@code [batch, heads, queries, keys]}. */
    private static MaskTrace trace(String value, Look look) {
        MaskTrace trace = MaskTrace.of(value, look);
        Mismatch.unless(!trace.source().isEmpty(), value + " depends on no mask");
        Mismatch.unless(
                trace.axes().equals(List.of(0, MaskTrace.SPREAD, MaskTrace.SPREAD, 1)),
                value + " does not lie along the batch and the keys of the scores");
        return trace;
    }

    /** The operand for a mask: made once for all layers, as 32-bit integers, or as the number of tokens of each row. */
    String operand(Found mask, Look look) {
        return operands.computeIfAbsent(mask.source(), source -> {
            EditableModel model = look.model();
            String narrow = narrow(source, look);
            if (!settings.has(Switch.USE_MASK_INDEX)) {
                return narrow;
            }
            String result = model.freeName("mask_index");
            if (model.operatorSet() >= 13) {
                String axes = model.addConstant("mask_index_axes", Tensor.ofLongs(Shape.of(1), 1));
                model.add("ReduceSum", "ReduceSum", List.of(narrow, axes), List.of(result))
                        .set(Attributes.integer("keepdims", 0));
            } else {
                model.add("ReduceSum", "ReduceSum", List.of(narrow), List.of(result))
                        .set(Attributes.integers("axes", 1))
                        .set(Attributes.integer("keepdims", 0));
            }
            return result;
        });
    }

    /** A value as 32-bit integers, by the cast that there is or a new one. */
    static String narrow(String value, Look look) {
        if (look.values().get(value).type().filter(type -> type == DType.I32).isPresent()) {
            return value;
        }
        int type = 6;
        Optional<EditableNode> known = look.model().readers(value).stream()
                .filter(node -> node.is("Cast") && node.integer("to").orElse(0) == type)
                .findFirst();
        return known.map(EditableNode::output).orElseGet(() -> {
            String result = look.model().freeName(value + "_int32");
            look.model().add("Cast", "Cast", List.of(value), List.of(result)).set(Attributes.integer("to", type));
            return result;
        });
    }
}
