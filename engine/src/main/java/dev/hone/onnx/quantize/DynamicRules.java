package dev.hone.onnx.quantize;

import static dev.hone.onnx.Attributes.integer;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Products whose values become bytes while the model runs, with the range of each batch.
 *
 * <pre>
 * product = MatMul(x, W)   →   bytes, step, zero = DynamicQuantizeLinear(x)
 *                              product = Cast(MatMulInteger(bytes, W8, zero, W0)) · (step · Wscale)
 * rows = Gather(T, ids)    →   rows = DequantizeLinear(Gather(T8, ids), Tscale, T0)
 * </pre>
 *
 * <p>ONNX Runtime makes one operator of the first chain (and of an addition behind it) when it loads the file.
 */
final class DynamicRules {
    private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();

    private final EditableModel model;
    private final Weights weights;
    private final WeightScheme scheme;
    private final boolean products;
    private final Map<String, QuantizedNames> values = new HashMap<>();

    /** @param products whether products of two values that are no constants are quantised */
    DynamicRules(EditableModel model, Weights weights, WeightScheme scheme, boolean products) {
        this.model = model;
        this.weights = weights;
        this.scheme = scheme;
        this.products = products;
    }

    Map<String, OperatorRule> byOperator() {
        Map<String, OperatorRule> rules = new TreeMap<>();
        rules.put("MatMul", new Product());
        rules.put("Gemm", new MatrixProduct());
        rules.put("Gather", new TableRule(model, weights));
        rules.put("EmbedLayerNormalization", new EmbeddingRule(model, weights));
        rules.put("Attention", new AttentionRule(model, weights, scheme, this::value));
        return rules;
    }

    private QuantizedNames value(String name) {
        return values.computeIfAbsent(name, this::quantizedValue);
    }

    private QuantizedNames quantizedValue(String name) {
        List<String> results = List.of(
                model.freeName(name + "_quantized"),
                model.freeName(name + "_scale"),
                model.freeName(name + "_zero_point"));
        model.add(name + "_QuantizeLinear", "DynamicQuantizeLinear", List.of(name), results);
        return new QuantizedNames(results.get(0), results.get(1), results.get(2));
    }

    /** Makes {@code result} the product of two quantised values. */
    private void addProduct(String stem, QuantizedNames left, QuantizedNames right, String result) {
        String sums = free(stem + "_sums");
        List<String> operands = List.of(left.bytes(), right.bytes(), left.zero(), right.zero());
        model.add(stem + "_quant", "MatMulInteger", operands, List.of(sums));
        String floats = free(stem + "_sums_cast");
        model.add(stem + "_cast", "Cast", List.of(sums), List.of(floats)).set(integer("to", FLOAT));
        String scale = free(stem + "_scale");
        model.add(stem + "_scales_mul", "Mul", List.of(left.scale(), right.scale()), List.of(scale));
        model.add(stem + "_scale_mul", "Mul", List.of(floats, scale), List.of(result));
    }

    private String free(String stem) {
        return model.freeName(stem);
    }

    private final class Product implements OperatorRule {
        @Override
        public Optional<String> refusal(EditableNode node) {
            boolean constant = model.constant(node.input(0)).isPresent();
            if (constant) {
                return Optional.of("its first operand is a constant");
            }
            boolean second = model.constant(node.input(1)).isPresent()
                    || weights.floats(node.input(1)).isPresent();
            return products && !second ? Optional.empty() : weights.matrixRefusal(node.input(1), false, scheme);
        }

        @Override
        public List<String> values(EditableNode node) {
            return List.of(node.input(0));
        }

        @Override
        public String apply(EditableNode node) {
            boolean constant = weights.floats(node.input(1)).isPresent();
            QuantizedNames left = value(node.input(0));
            QuantizedNames right = constant ? weights.quantized(node.input(1), false, scheme) : value(node.input(1));
            model.remove(node);
            addProduct(node.name(), left, right, node.output());
            return constant ? "MatMulInteger" : "MatMulInteger of two values";
        }
    }

    /** {@code x · W + b} as a product and an addition. */
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
            boolean transposed = GemmShape.transposesWeight(node);
            QuantizedNames weight = weights.quantized(node.input(1), transposed, scheme);
            QuantizedNames value = value(node.input(0));
            model.remove(node);
            String bias = node.input(2);
            String product = bias.isEmpty() ? node.output() : free(node.output() + "_product");
            addProduct(node.name(), value, weight, product);
            if (!bias.isEmpty()) {
                model.add(node.name() + "_bias", "Add", List.of(product, bias), List.of(node.output()));
            }
            return "MatMulInteger" + (bias.isEmpty() ? "" : " and Add");
        }
    }
}
