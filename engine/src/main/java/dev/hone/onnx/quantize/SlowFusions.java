package dev.hone.onnx.quantize;

import static dev.hone.onnx.Attributes.integer;
import static dev.hone.onnx.Attributes.real;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operators that ONNX Runtime computes more slowly as one than as several on processors.
 *
 * <pre>
 * SkipLayerNormalization(x, s, g, b, bias)  →  LayerNormalization((x + bias) + s, g, b)
 * BiasGelu(x, bias)                         →  Gelu(x + bias)
 * EmbedLayerNormalization(ids, ...)         →  Reshape(EmbedLayerNormalization(ids, ...), [0, −1, width])
 * </pre>
 *
 * <p>When it loads a file, ONNX Runtime makes a bias part of the product of bytes before it. It also makes one operator
 * of an addition and a layer normalisation again, where it knows that both operands have one shape: the reshape, which
 * changes nothing, keeps it from knowing. Where there is no place for it, the addition is a {@code Sum}, which is never
 * fused, but computed by one thread. Rounding apart, nothing changes.
 */
public final class SlowFusions {
    private static final String SKIP = EditableNode.MICROSOFT + ".SkipLayerNormalization";
    private static final String BIAS_GELU = EditableNode.MICROSOFT + ".BiasGelu";
    private static final String GELU = EditableNode.MICROSOFT + ".Gelu";
    private static final float EPSILON_OF_SKIP = 1e-12f;
    private static final String EMBEDDINGS = EditableNode.MICROSOFT + ".EmbedLayerNormalization";
    private static final int EMBEDDINGS_SCALE = 5;
    private static final int SUM = 3;
    private static final int BIAS = 4;

    private final EditableModel model;
    private final String addition;

    private SlowFusions(EditableModel model) {
        this.model = model;
        this.addition = hideShapes() ? "Add" : "Sum";
    }

    /** Takes them apart and gives how many there were. */
    public static int undo(EditableModel model) {
        SlowFusions fusions = new SlowFusions(model);
        int undone = 0;
        for (EditableNode node : model.nodes()) {
            undone += fusions.separate(node) ? 1 : 0;
        }
        return undone;
    }

    private boolean separate(EditableNode node) {
        if (isSkipWithoutStatistics(node)) {
            separateSkip(node);
            return true;
        }
        if (node.qualifiedOperator().equals(BIAS_GELU)) {
            separateBias(node);
            return true;
        }
        return addition.equals("Sum") && node.is("LayerNormalization") && keepAddition(node);
    }

    /** Whether there are embeddings, behind which no length is then known before the model runs. */
    private boolean hideShapes() {
        List<EditableNode> embeddings = model.nodes().stream()
                .filter(node -> node.qualifiedOperator().equals(EMBEDDINGS))
                .filter(node -> model.constant(node.input(EMBEDDINGS_SCALE)).isPresent())
                .toList();
        embeddings.forEach(this::hideShape);
        return !embeddings.isEmpty();
    }

    private void hideShape(EditableNode embeddings) {
        String rows = embeddings.output();
        long width =
                model.constant(embeddings.input(EMBEDDINGS_SCALE)).orElseThrow().elementCount();
        String shape = model.addConstant(rows + "_shape", Tensor.ofLongs(Shape.of(3), 0, -1, width));
        String known = model.freeName(rows + "_rows");
        model.changeOutput(embeddings, 0, known);
        model.add(rows + "_reshape", "Reshape", List.of(known, shape), List.of(rows));
        model.forgetDescriptions();
    }

    private boolean isSkipWithoutStatistics(EditableNode node) {
        List<String> outputs = node.outputs();
        return node.qualifiedOperator().equals(SKIP)
                && outputs.subList(1, Math.min(SUM, outputs.size())).stream().allMatch(String::isEmpty);
    }

    private void separateSkip(EditableNode node) {
        List<String> added = new ArrayList<>(List.of(node.input(0), node.input(1)));
        model.remove(node);
        if (!node.input(BIAS).isEmpty()) {
            int biased = isProduct(added.getLast()) && !isProduct(added.getFirst()) ? 1 : 0;
            added.set(biased, add("Add", node, "_bias", List.of(added.get(biased), node.input(BIAS))));
        }
        boolean shared = node.outputs().size() > SUM && !node.outputs().get(SUM).isEmpty();
        String sum = shared ? node.outputs().get(SUM) : model.freeName(node.output() + "_sum");
        model.add(node.name() + "_sum", addition, added, List.of(sum));
        List<String> operands = new ArrayList<>(List.of(sum, node.input(2)));
        if (!node.input(SUM).isEmpty()) {
            operands.add(node.input(SUM));
        }
        model.add(node.name(), "LayerNormalization", operands, List.of(node.output()))
                .set(integer("axis", -1))
                .set(real("epsilon", node.real("epsilon", EPSILON_OF_SKIP)));
    }

    private boolean isProduct(String value) {
        return model.producer(value).filter(maker -> maker.is("MatMul")).isPresent();
    }

    private String add(String operator, EditableNode node, String ending, List<String> operands) {
        String result = model.freeName(node.output() + ending);
        model.add(node.name() + ending, operator, operands, List.of(result));
        return result;
    }

    private void separateBias(EditableNode node) {
        model.remove(node);
        String sum = add("Add", node, "_bias", node.inputs());
        model.add(node.name(), GELU, List.of(sum), List.of(node.output()));
    }

    private boolean keepAddition(EditableNode node) {
        Optional<EditableNode> found = model.producer(node.input(0)).filter(this::addsValues);
        found.ifPresent(sum -> {
            model.remove(sum);
            model.add(sum.name(), addition, sum.inputs(), List.of(sum.output()));
        });
        return found.isPresent();
    }

    private boolean addsValues(EditableNode node) {
        return node.is("Add")
                && node.inputs().stream()
                        .allMatch(value -> model.constant(value).isEmpty());
    }
}
