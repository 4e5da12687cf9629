package dev.hone.onnx.quantize;

import static dev.hone.onnx.Attributes.integer;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Operators whose values have ranges that were measured before.
 *
 * <pre>
 * QDQ:        y = MatMul(x, W)  →  y = MatMul(restored(bytes(x)), restored(W8))
 * QOPERATOR:  y = MatMul(x, W)  →  y = restored(QLinearMatMul(bytes(x), W8))
 * </pre>
 *
 * <p>Operators of values alone have no weights to shrink, and rounding their results costs accuracy and, in ONNX
 * Runtime, time: they are quantised where they are named only.
 *
 * <p>In QDQ form products have no bytes for results, so that nothing is rounded that the next node could read exactly;
 * all other operators have, which is what ONNX Runtime asks for to make an operator of bytes of them.
 */
final class StaticRules {
    /** Operators of values alone, with the name of the operator of bytes, where there is one. */
    private static final Map<String, String> ELEMENTWISE = Map.of(
            "Add", EditableNode.MICROSOFT + ".QLinearAdd",
            "Mul", EditableNode.MICROSOFT + ".QLinearMul",
            "Softmax", "",
            "LayerNormalization", "",
            "Gelu", "",
            "Tanh", "",
            "Erf", "");

    private final EditableModel model;
    private final Weights weights;
    private final WeightScheme scheme;
    private final StaticForm form;
    private final QuantizationSettings settings;
    private final FixedValues values;
    private final Map<String, String> restoredWeights = new HashMap<>();

    StaticRules(EditableModel model, Weights weights, QuantizationSettings settings, FixedValues values) {
        this.model = model;
        this.weights = weights;
        this.settings = settings;
        this.scheme = settings.weights();
        this.form = values.form();
        this.values = values;
    }

    Map<String, OperatorRule> byOperator() {
        Map<String, OperatorRule> rules = new TreeMap<>();
        rules.put("MatMul", new Product());
        rules.put("Gemm", new MatrixProduct());
        rules.put("Gather", new TableRule(model, weights));
        rules.put("EmbedLayerNormalization", new EmbeddingRule(model, weights));
        rules.put("Attention", new AttentionRule(model, weights, scheme, values));
        ELEMENTWISE.forEach((operator, ofBytes) -> {
            if (form.format() == StaticForm.Format.QDQ || !ofBytes.isEmpty()) {
                rules.put(operator, new Elementwise(ofBytes));
            }
        });
        return rules;
    }

    private boolean isConstant(String value) {
        return model.constant(value).isPresent() || weights.floats(value).isPresent();
    }

    /** A weight as its bytes stand for it. */
    private String restoredWeight(QuantizedNames weight) {
        return restoredWeights.computeIfAbsent(weight.bytes(), _ -> addRestored(weight, 1));
    }

    /** @param columns the axis along which there are scales, where each column has one */
    private String addRestored(QuantizedNames constant, int columns) {
        String result = model.freeName(constant.bytes() + "_dequantized");
        List<String> operands = List.of(constant.bytes(), constant.scale(), constant.zero());
        EditableNode node = model.add(result, "DequantizeLinear", operands, List.of(result));
        if (scheme.perColumn()) {
            node.set(integer("axis", columns));
        }
        return result;
    }

    /** Makes {@code result} the product of a value and a weight. */
    private String addProduct(EditableNode node, QuantizedNames weight, String result) {
        if (form.format() == StaticForm.Format.QDQ) {
            List<String> operands = List.of(values.restored(node.input(0)), restoredWeight(weight));
            model.add(node.name(), "MatMul", operands, List.of(result));
            return "MatMul between DequantizeLinear";
        }
        QuantizedNames right = weight;
        addLinearProduct(node, right, result);
        return "QLinearMatMul";
    }

    private void addLinearProduct(EditableNode node, QuantizedNames right, String result) {
        QuantizedNames left = values.of(node.input(0));
        QuantizedNames sum = values.affine(node.output());
        String bytes = model.freeName(result + "_bytes");
        List<String> operands = List.of(
                left.bytes(),
                left.scale(),
                left.zero(),
                right.bytes(),
                right.scale(),
                right.zero(),
                sum.scale(),
                sum.zero());
        model.add(node.name() + "_quant", "QLinearMatMul", operands, List.of(bytes));
        values.restore(new QuantizedNames(bytes, sum.scale(), sum.zero()), result);
    }

    private final class Product implements OperatorRule {
        @Override
        public Optional<String> refusal(EditableNode node) {
            if (isConstant(node.input(0))) {
                return Optional.of("its first operand is a constant");
            }
            return settings.products() && !isConstant(node.input(1))
                    ? Optional.empty()
                    : weights.matrixRefusal(node.input(1), false, scheme);
        }

        @Override
        public List<String> values(EditableNode node) {
            List<String> needed = new ArrayList<>(List.of(node.input(0)));
            if (!isConstant(node.input(1))) {
                needed.add(node.input(1));
            }
            if (form.format() == StaticForm.Format.QOPERATOR) {
                needed.add(node.output());
            }
            return needed;
        }

        @Override
        public String apply(EditableNode node) {
            if (isConstant(node.input(1))) {
                QuantizedNames weight = weights.quantized(node.input(1), false, scheme);
                model.remove(node);
                return addProduct(node, weight, node.output());
            }
            if (form.format() == StaticForm.Format.QDQ) {
                model.changeInput(node, 0, values.restored(node.input(0)));
                model.changeInput(node, 1, values.restored(node.input(1)));
                return "MatMul between DequantizeLinear";
            }
            model.remove(node);
            addLinearProduct(node, values.of(node.input(1)), node.output());
            return "QLinearMatMul of two values";
        }
    }

    /** {@code x · W + b}, with b of whole numbers as the sums of bytes are, or added behind where it is too large. */
    private final class MatrixProduct implements OperatorRule {
        @Override
        public Optional<String> refusal(EditableNode node) {
            return GemmShape.refusal(model, node)
                    .or(() -> weights.matrixRefusal(node.input(1), GemmShape.transposesWeight(node), scheme));
        }

        @Override
        public List<String> values(EditableNode node) {
            return List.of(node.input(0));
        }

        @Override
        public String apply(EditableNode node) {
            QuantizedNames weight = weights.quantized(node.input(1), GemmShape.transposesWeight(node), scheme);
            String bias = node.input(2);
            Optional<QuantizedNames> whole = weights.bias(bias, values.affine(node.input(0)), weight);
            model.remove(node);
            boolean behind = !bias.isEmpty() && whole.isEmpty();
            String result = behind ? model.freeName(node.output() + "_product") : node.output();
            String became = form.format() == StaticForm.Format.QDQ
                    ? addBetween(node, weight, whole, result)
                    : addOfBytes(node, weight, whole, result);
            if (behind) {
                model.add(node.name() + "_bias", "Add", List.of(result, bias), List.of(node.output()));
            }
            return became + (behind ? " and Add" : "");
        }

        /** Makes {@code result} the product of what bytes stand for. */
        private String addBetween(
                EditableNode node, QuantizedNames weight, Optional<QuantizedNames> bias, String result) {
            if (bias.isEmpty()) {
                return addProduct(node, weight, result);
            }
            String restoredBias = addRestored(bias.get(), 0);
            List<String> operands = List.of(values.restored(node.input(0)), restoredWeight(weight), restoredBias);
            model.add(node.name(), "Gemm", operands, List.of(result));
            return "Gemm between DequantizeLinear";
        }

        /** Its result has no bytes, so that nothing is rounded that the next node could read exactly. */
        private String addOfBytes(
                EditableNode node, QuantizedNames weight, Optional<QuantizedNames> bias, String result) {
            QuantizedNames value = values.of(node.input(0));
            List<String> operands = new ArrayList<>(
                    List.of(value.bytes(), value.scale(), value.zero(), weight.bytes(), weight.scale(), weight.zero()));
            bias.ifPresent(whole -> operands.add(whole.bytes()));
            model.add(node.name() + "_quant", EditableNode.MICROSOFT + ".QGemm", operands, List.of(result));
            return "QGemm";
        }
    }

    /** An operator whose operands and result are values; constants stay as they are. */
    private final class Elementwise implements OperatorRule {
        private final String ofBytes;

        Elementwise(String ofBytes) {
            this.ofBytes = ofBytes;
        }

        @Override
        public Optional<String> refusal(EditableNode node) {
            if (settings.choice().isOpen()) {
                return Optional.of("it has no weights: it is quantised where --operators or --nodes names it");
            }
            if (model.readers(node.output()).stream().anyMatch(reader -> reader.is("Softmax"))) {
                return Optional.of("Softmax reads it: bytes have no place for the scores of hidden tokens");
            }
            long constants =
                    node.inputs().stream().filter(StaticRules.this::isConstant).count();
            if (constants == node.inputs().size()) {
                return Optional.of("all its operands are constants");
            }
            return form.format() == StaticForm.Format.QOPERATOR && constants > 0
                    ? Optional.of("one of its operands is a constant, whose range is not measured")
                    : Optional.empty();
        }

        @Override
        public List<String> values(EditableNode node) {
            List<String> needed = new ArrayList<>(node.inputs());
            needed.removeIf(value -> value.isEmpty() || isConstant(value));
            needed.add(node.output());
            return needed;
        }

        @Override
        public String apply(EditableNode node) {
            return form.format() == StaticForm.Format.QDQ ? surround(node) : replace(node);
        }

        private String surround(EditableNode node) {
            for (int index = 0; index < node.inputs().size(); index++) {
                String value = node.input(index);
                if (!value.isEmpty() && !isConstant(value)) {
                    model.changeInput(node, index, values.restored(value));
                }
            }
            String result = node.output();
            QuantizedNames affine = values.affine(result);
            String inner = values.intercept(result);
            String bytes = model.freeName(result + "_bytes");
            List<String> operands = List.of(inner, affine.scale(), affine.zero());
            model.add(result + "_QuantizeLinear", "QuantizeLinear", operands, List.of(bytes));
            values.restore(new QuantizedNames(bytes, affine.scale(), affine.zero()), result);
            return node.operator() + " between DequantizeLinear and QuantizeLinear";
        }

        private String replace(EditableNode node) {
            List<String> operands = new ArrayList<>();
            for (String input : node.inputs()) {
                QuantizedNames value = values.of(input);
                operands.addAll(List.of(value.bytes(), value.scale(), value.zero()));
            }
            QuantizedNames affine = values.affine(node.output());
            operands.addAll(List.of(affine.scale(), affine.zero()));
            model.remove(node);
            String bytes = model.freeName(node.output() + "_bytes");
            model.add(node.name() + "_quant", ofBytes, operands, List.of(bytes));
            values.restore(new QuantizedNames(bytes, affine.scale(), affine.zero()), node.output());
            return ofBytes;
        }
    }
}
