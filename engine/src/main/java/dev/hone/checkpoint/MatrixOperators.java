package dev.hone.checkpoint;

import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Translation of ONNX operators that sum: products, normalisations and reductions. */
final class MatrixOperators {
    private MatrixOperators() {}

    static void register(Map<String, OnnxOperator> table) {
        table.put("MatMul", node -> node.emit(new Op.MatMul(), node.value(0), node.value(1)));
        table.put("Gemm", MatrixOperators::gemm);
        table.put("Softmax", MatrixOperators::softmax);
        table.put("LayerNormalization", MatrixOperators::layerNormalization);
        table.put("CumSum", MatrixOperators::cumulativeSum);
        table.put("ReduceSum", node -> reduce(node, Op.ReduceFunction.SUM));
        table.put("ReduceMean", node -> reduce(node, Op.ReduceFunction.MEAN));
        table.put("ReduceMax", node -> reduce(node, Op.ReduceFunction.MAXIMUM));
        table.put("ReduceL2", node -> reduce(node, Op.ReduceFunction.L2));
        table.put("ReduceProd", MatrixOperators::reduceProduct);
    }

    private static void gemm(OnnxNode node) {
        double alpha = node.floatAttribute("alpha", 1);
        double beta = node.floatAttribute("beta", 1);
        Value left = matrix(node, 0, node.integerAttribute("transA", 0) != 0);
        Value right = matrix(node, 1, node.integerAttribute("transB", 0) != 0);
        boolean adds = node.hasInput(2) && beta != 0;
        boolean scales = alpha != 1;
        if (!adds && !scales) {
            node.emit(new Op.MatMul(), left, right);
            return;
        }
        Value product = node.step("product", new Op.MatMul(), left, right);
        Op multiply = new Op.Binary(Op.BinaryFunction.MULTIPLY);
        if (!adds) {
            node.emit(multiply, product, factor(node, "alpha", alpha));
            return;
        }
        Value scaled = scales ? node.step("scaled", multiply, product, factor(node, "alpha", alpha)) : product;
        Value bias = beta == 1 ? node.value(2) : node.step("bias", multiply, node.value(2), factor(node, "beta", beta));
        node.emit(new Op.Binary(Op.BinaryFunction.ADD), scaled, bias);
    }

    private static Value matrix(OnnxNode node, int index, boolean transposes) {
        Operand operand = node.operand(index);
        node.require(operand.shape().rank() == 2, "operand " + index + " is no matrix: " + operand.shape());
        if (!transposes) {
            return node.value(index);
        }
        return operand instanceof Operand.Constant(Tensor tensor)
                ? node.constant("transposed", tensor.transposed())
                : node.step("transposed", new Op.Transpose(List.of(1, 0)), node.value(index));
    }

    private static Value factor(OnnxNode node, String name, double value) {
        return node.constant(name, Tensor.ofFloats(Shape.SCALAR, (float) value));
    }

    /** Before version 13, the axes from the given one to the last are one; that is the same for the last axis only. */
    private static void softmax(OnnxNode node) {
        int rank = node.operand(0).shape().rank();
        int axis = node.axis(node.integerAttribute("axis", node.opset() < 13 ? 1 : -1), rank);
        if (node.opset() < 13 && axis != rank - 1) {
            throw node.unsupported("a softmax over the axes from " + axis + " of " + rank + " together");
        }
        node.emit(new Op.Softmax(axis), node.value(0));
    }

    private static void layerNormalization(OnnxNode node) {
        Shape shape = node.operand(0).shape();
        int axis = node.axis(node.integerAttribute("axis", -1), shape.rank());
        if (axis != shape.rank() - 1) {
            throw node.unsupported("a normalisation of more than the last axis");
        }
        Value beta;
        if (node.hasInput(2)) {
            beta = node.value(2);
        } else {
            Dim width = shape.last();
            node.require(width.isFixed(), "a normalisation of an axis of " + width);
            Value zero = node.constant("zero", Tensor.ofFloats(Shape.SCALAR, 0f));
            beta = node.step("beta", new Op.Expand(Shape.of(width)), zero);
        }
        node.emit(new Op.LayerNorm(node.floatAttribute("epsilon", 1e-5)), node.value(0), node.value(1), beta);
    }

    private static void cumulativeSum(OnnxNode node) {
        boolean plain = node.integerAttribute("exclusive", 0) == 0 && node.integerAttribute("reverse", 0) == 0;
        node.require(plain, "only running sums from the start that include each element are supported");
        int rank = node.operand(0).shape().rank();
        node.emit(new Op.CumulativeSum(node.axis(node.number(1), rank)), node.value(0));
    }

    private static void reduce(OnnxNode node, Op.ReduceFunction function) {
        int rank = node.operand(0).shape().rank();
        Optional<List<Long>> given = node.numbersOf("axes", 1);
        boolean all = given.isEmpty() || given.get().isEmpty();
        if (all && node.integerAttribute("noop_with_empty_axes", 0) != 0) {
            node.define(node.operand(0));
            return;
        }
        List<Integer> axes = all
                ? IntStream.range(0, rank).boxed().toList()
                : given.get().stream()
                        .map(axis -> node.axis(axis, rank))
                        .sorted()
                        .toList();
        node.require(axes.stream().distinct().count() == axes.size(), "an axis is named twice: " + axes);
        boolean keeps = node.integerAttribute("keepdims", 1) != 0;
        node.emit(new Op.Reduce(function, axes, keeps), node.value(0));
    }

    /** Exports multiply sizes this way; nothing that depends on tokens is. */
    private static void reduceProduct(OnnxNode node) {
        Operand.Integers sizes = node.integers(0);
        Shape shape = sizes.shape();
        if (shape.rank() > 1) {
            throw node.unsupported("a product over some axes of a value of rank " + shape.rank());
        }
        SymbolicInteger product = SymbolicInteger.of(1);
        for (SymbolicInteger size : sizes.elements()) {
            product = product.times(size);
        }
        boolean keeps = node.integerAttribute("keepdims", 1) != 0 && shape.rank() == 1;
        node.define(new Operand.Integers(DType.I64, keeps ? Shape.of(1) : Shape.SCALAR, List.of(product)));
    }
}
