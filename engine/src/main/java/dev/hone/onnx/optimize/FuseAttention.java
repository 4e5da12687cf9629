package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Heads of queries, keys and values, their scores under a mask, the softmax, and the mixed values put together again
 * become {@code Attention} with the weights of the three projections side by side. Where these do not read the same
 * rows or have no constant weights, or where it is asked for, {@code MultiHeadAttention} takes the projected rows.
 * Begins at the {@code Softmax}.
 */
final class FuseAttention implements Fusion {
    private static final double RELATIVE = 1e-6;
    private static final List<Long> ROWS_FIRST = List.of(0L, 2L, 1L, 3L);

    private final OptimizerSettings settings;
    private final AttentionMasks masks;

    FuseAttention(OptimizerSettings settings) {
        this.settings = settings;
        this.masks = new AttentionMasks(settings);
    }

    /** The parts of one attention, before anything is changed. */
    private record Parts(
            Projection query, Projection key, Projection value, double scale, Scores scores, String result) {}

    @Override
    public String name() {
        return "Attention";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return node.is("Softmax")
                && look.values()
                        .shape(node.output())
                        .filter(shape -> shape.size() == 4)
                        .isPresent();
    }

    @Override
    public void fuse(EditableNode softmax, Look look) {
        long axis = softmax.integer("axis").orElse(look.model().operatorSet() < 13 ? 1 : -1);
        Mismatch.unless(axis == -1 || axis == 3, softmax + " runs along axis " + axis);
        look.requireReadOnce(softmax.input(0));
        Scores scores = Scores.of(softmax.input(0), look);
        EditableNode product = look.onlyMaker(scores.raw(), "MatMul");
        Projection query = Projection.of(product.input(0), false, look);
        Projection key = Projection.of(product.input(1), true, look);
        String weights = guarded(softmax, look);
        EditableNode mixed = look.onlyReader(weights, "MatMul");
        Mismatch.unless(mixed.input(0).equals(weights), mixed + " has the weights on its right");
        Projection value = Projection.of(mixed.input(1), false, look);
        EditableNode back = look.onlyReader(mixed.output(), "Transpose");
        Mismatch.unless(back.integers("perm").equals(ROWS_FIRST), back + " does not put the rows first");
        EditableNode joined = look.onlyReader(back.output(), "Reshape");
        requireJoined(joined, query, value, look);
        requireSettings(query, key, value);
        double scale = scores.factor() * query.factor() * key.factor();
        Mismatch.unless(value.factor() == 1, "the values are multiplied by " + value.factor());
        write(new Parts(query, key, value, scale, scores, joined.output()), joined, look);
    }

    /** The weights, behind the choice of zeros for what is no number, which newer exporters add. */
    private static String guarded(EditableNode softmax, Look look) {
        String weights = softmax.output();
        List<EditableNode> readers = look.model().readers(weights);
        Optional<EditableNode> test =
                readers.stream().filter(node -> node.is("IsNaN")).findFirst();
        if (test.isEmpty()) {
            return weights;
        }
        EditableNode choice = look.onlyReader(test.get().output(), "Where");
        boolean guards = readers.size() == 2
                && !look.model().isOutput(weights)
                && choice.input(0).equals(test.get().output())
                && look.number(choice.input(1)).orElse(1) == 0
                && choice.input(2).equals(weights);
        Mismatch.unless(guards, choice + " does more than replace what is no number by 0");
        return choice.output();
    }

    private static void requireJoined(EditableNode joined, Projection query, Projection value, Look look) {
        List<Amount> rows = look.shape(query.rows());
        List<Amount> wanted = List.of(rows.get(0), rows.get(1), Amount.of(value.width()));
        Mismatch.unless(
                look.shape(joined.output()).equals(wanted),
                joined + " makes " + look.shape(joined.output()) + ", where " + wanted + " belongs");
    }

    private void requireSettings(Projection query, Projection key, Projection value) {
        Mismatch.unless(
                query.heads() == key.heads() && query.heads() == value.heads() && query.size() == key.size(),
                "queries, keys and values have " + query.heads() + ", " + key.heads() + " and " + value.heads()
                        + " heads");
        Mismatch.unless(
                settings.heads() == 0 || settings.heads() == query.heads(),
                "the graph has " + query.heads() + " heads, --num-heads says " + settings.heads());
        Mismatch.unless(
                settings.hiddenSize() == 0 || settings.hiddenSize() == query.width(),
                "the graph has a hidden size of " + query.width() + ", --hidden-size says " + settings.hiddenSize());
    }

    private void write(Parts parts, EditableNode joined, Look look) {
        Optional<AttentionMasks.Found> mask =
                masks.find(parts.scores(), parts.key().rows(), look);
        Optional<List<String>> packed = settings.has(Switch.USE_MULTI_HEAD_ATTENTION)
                ? Optional.empty()
                : PackedProjections.of(List.of(parts.query(), parts.key(), parts.value()), look);
        Mismatch.unless(
                packed.isPresent() || parts.value().size() == parts.key().size(),
                "heads of values are " + parts.value().size() + " wide, those of keys "
                        + parts.key().size());
        List<String> inputs = new ArrayList<>(packed.orElseGet(
                () -> SeparateProjections.of(List.of(parts.query(), parts.key(), parts.value()), look)));
        mask.ifPresent(found -> inputs.add(masks.operand(found, look)));
        while (inputs.getLast().isEmpty()) {
            inputs.removeLast();
        }
        String operator = EditableNode.MICROSOFT + (packed.isPresent() ? ".Attention" : ".MultiHeadAttention");
        EditableNode fused = look.instead(joined, operator, inputs);
        describe(fused, parts, packed.isPresent());
        mask.ifPresent(found -> fused.set(Attributes.real("mask_filter_value", found.hidden())));
    }

    private static void describe(EditableNode fused, Parts parts, boolean packed) {
        fused.set(Attributes.integer("num_heads", parts.query().heads()));
        if (Math.abs(parts.scale() * Math.sqrt(parts.query().size()) - 1) > RELATIVE) {
            fused.set(Attributes.real("scale", parts.scale()));
        }
        if (packed && parts.value().width() != parts.query().width()) {
            fused.set(Attributes.integers(
                    "qkv_hidden_sizes",
                    parts.query().width(),
                    parts.key().width(),
                    parts.value().width()));
        }
    }
}
