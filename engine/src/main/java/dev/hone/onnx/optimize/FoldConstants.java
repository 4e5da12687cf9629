package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Nodes whose operands are all constants become constants: nodes {@code Constant}, arithmetic on small tensors,
 * transposed and reshaped weights (which are views and cost nothing), integers that follow from shapes.
 */
final class FoldConstants implements Step.Sweep {
    private static final long MOST_COMPUTED = 1 << 16;

    @Override
    public String name() {
        return "ConstantFolding";
    }

    @Override
    public int sweep(Look look, List<OptimizerReport.Refusal> refusals) {
        int folded = 0;
        EditableModel model = look.model();
        for (EditableNode node : model.nodes()) {
            if (node.is("Cast") && widenTable(node, look)) {
                folded++;
                continue;
            }
            Optional<Tensor> result = result(node, look);
            if (result.isPresent() && !model.isOutput(node.output())) {
                String constant = model.addConstant(node.output() + "_folded", result.get());
                model.replace(node.output(), constant);
                model.remove(node);
                folded++;
            }
        }
        return folded;
    }

    /** Rows of a table of 16 bits that are widened after they were chosen are rows of the widened table. */
    private static boolean widenTable(EditableNode cast, Look look) {
        EditableModel model = look.model();
        Optional<EditableNode> gather = look.maker(cast.input(0)).filter(node -> node.is("Gather"));
        Optional<Tensor> table = gather.flatMap(node -> model.constant(node.input(0)))
                .filter(tensor -> tensor.type() == DType.F16 || tensor.type() == DType.BF16);
        boolean widened = look.values().get(cast.output()).type().equals(Optional.of(DType.F32));
        if (table.isEmpty() || !widened || !model.isReadOnce(cast.input(0)) || model.isOutput(cast.output())) {
            return false;
        }
        EditableNode rows = gather.orElseThrow();
        String wide = model.addConstant(rows.input(0) + "_folded", Tensor.converted(table.get(), DType.F32));
        model.changeInput(rows, 0, wide);
        model.replace(cast.output(), rows.output());
        model.remove(cast);
        return true;
    }

    private static Optional<Tensor> result(EditableNode node, Look look) {
        if (!node.domain().isEmpty() || node.outputs().size() != 1) {
            return Optional.empty();
        }
        if (node.is("Constant")) {
            return look.model().constant(node.output());
        }
        Optional<Tensor> integers = integers(node.output(), look);
        if (integers.isPresent()) {
            return integers;
        }
        Optional<Tensor> first = look.model().constant(node.input(0));
        return switch (node.operator()) {
            case "Identity" -> first;
            case "Transpose" -> first.flatMap(tensor -> transposed(tensor, node.integers("perm")));
            case "Reshape", "Unsqueeze", "Squeeze", "Flatten" -> first.flatMap(tensor -> reshaped(tensor, node, look));
            case "Sqrt", "Reciprocal", "Neg" -> first.flatMap(tensor -> unary(tensor, node.operator()));
            case "Cast" ->
                first.flatMap(
                        tensor -> cast(tensor, look.values().get(node.output()).type()));
            case "Add", "Sub", "Mul", "Div", "Pow" ->
                first.flatMap(left ->
                        look.model().constant(node.input(1)).flatMap(right -> binary(left, right, node.operator())));
            default -> Optional.empty();
        };
    }

    /** What is computed with shapes, where all of it is plain numbers. */
    private static Optional<Tensor> integers(String value, Look look) {
        Known known = look.values().get(value);
        return look.values()
                .numbers(value)
                .filter(all -> known.type().filter(type -> type == DType.I64).isPresent())
                .filter(all -> known.shape().filter(shape -> shape.size() <= 1).isPresent())
                .map(all -> Tensor.ofLongs(known.isScalar() ? Shape.SCALAR : Shape.of(all.length), all));
    }

    private static Optional<Tensor> transposed(Tensor tensor, List<Long> permutation) {
        if (tensor.rank() == 2 && (permutation.isEmpty() || permutation.equals(List.of(1L, 0L)))) {
            return Optional.of(tensor.transposed());
        }
        return Optional.empty();
    }

    private static Optional<Tensor> reshaped(Tensor tensor, EditableNode node, Look look) {
        Optional<MemorySegment> memory = tensor.rowMajorMemory();
        Optional<List<Amount>> shape = look.values()
                .shape(node.output())
                .filter(all -> all.stream().allMatch(extent -> extent.isFixed() && extent.factor() >= 0));
        return memory.flatMap(own -> shape.map(all -> Tensor.of(
                        tensor.type(),
                        Shape.of(all.stream().mapToLong(Amount::factor).toArray()),
                        own)))
                .filter(result -> result.elementCount() == tensor.elementCount());
    }

    /** Weights of 16 bits are widened as they are read, at no cost before they are written. */
    private static Optional<Tensor> cast(Tensor tensor, Optional<DType> type) {
        if (type.isEmpty()) {
            return Optional.empty();
        }
        DType to = type.get();
        if (to == tensor.type()) {
            return Optional.of(tensor);
        }
        boolean widened = to == DType.F32 && (tensor.type() == DType.F16 || tensor.type() == DType.BF16);
        boolean integers = to == DType.I64 && !tensor.type().isFloat();
        if (widened || integers) {
            return Optional.of(Tensor.converted(tensor, to));
        }
        return to == DType.F32 && !tensor.type().isFloat() && tensor.elementCount() <= MOST_COMPUTED
                ? Optional.of(Tensor.ofFloats(tensor.shape(), floats(tensor)))
                : Optional.empty();
    }

    private static float[] floats(Tensor integers) {
        long[] all = integers.toLongArray();
        float[] result = new float[all.length];
        for (int index = 0; index < result.length; index++) {
            result[index] = all[index];
        }
        return result;
    }

    private static Optional<Tensor> unary(Tensor tensor, String operator) {
        if (tensor.type() != DType.F32 || tensor.elementCount() > MOST_COMPUTED) {
            return Optional.empty();
        }
        float[] values = tensor.toFloatArray();
        for (int index = 0; index < values.length; index++) {
            values[index] = switch (operator) {
                case "Sqrt" -> (float) Math.sqrt(values[index]);
                case "Neg" -> -values[index];
                default -> 1 / values[index];
            };
        }
        return Optional.of(Tensor.ofFloats(tensor.shape(), values));
    }

    /** Two tensors of one shape, or one of them a scalar. */
    private static Optional<Tensor> binary(Tensor left, Tensor right, String operator) {
        boolean computed = left.type() == DType.F32
                && right.type() == DType.F32
                && Math.max(left.elementCount(), right.elementCount()) <= MOST_COMPUTED
                && (left.rank() == 0 || right.rank() == 0 || left.shape().equals(right.shape()));
        if (!computed) {
            return Optional.empty();
        }
        float[] first = left.toFloatArray();
        float[] second = right.toFloatArray();
        float[] result = new float[Math.max(first.length, second.length)];
        for (int index = 0; index < result.length; index++) {
            float a = first[left.rank() == 0 ? 0 : index];
            float b = second[right.rank() == 0 ? 0 : index];
            result[index] = switch (operator) {
                case "Add" -> a + b;
                case "Sub" -> a - b;
                case "Mul" -> a * b;
                case "Div" -> a / b;
                default -> (float) Math.pow(a, b);
            };
        }
        return Optional.of(Tensor.ofFloats(left.rank() == 0 ? right.shape() : left.shape(), result));
    }
}
