package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.hone.graph.Op;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Translation of ONNX operators that read or change shapes, and of those that make values from nothing. */
final class ShapeOperators {
    private ShapeOperators() {}

    static void register(Map<String, OnnxOperator> table) {
        table.put("Shape", ShapeOperators::shape);
        table.put("Size", ShapeOperators::size);
        table.put("Reshape", ShapeOperators::reshape);
        table.put("Flatten", ShapeOperators::flatten);
        table.put("Squeeze", ShapeOperators::squeeze);
        table.put("Unsqueeze", ShapeOperators::unsqueeze);
        table.put("Expand", ShapeOperators::expand);
        table.put("Transpose", ShapeOperators::transpose);
        table.put("Constant", ShapeOperators::constant);
        table.put("ConstantOfShape", ShapeOperators::constantOfShape);
        table.put("Range", ShapeOperators::range);
    }

    private static void shape(OnnxNode node) {
        Shape shape = node.operand(0).shape();
        int start = clamped(node.integerAttribute("start", 0), shape.rank());
        int end = clamped(node.integerAttribute("end", Long.MAX_VALUE), shape.rank());
        List<SymbolicInteger> extents = shape.dims().subList(Math.min(start, end), end).stream()
                .map(SymbolicInteger::of)
                .toList();
        node.define(Operand.Integers.vector(extents));
    }

    private static int clamped(long axis, int rank) {
        return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }

    private static void size(OnnxNode node) {
        Dim count = node.operand(0).shape().elementCount();
        node.define(new Operand.Integers(DType.I64, Shape.SCALAR, List.of(SymbolicInteger.of(count))));
    }

    /** Gives a value another shape with the same elements; integers that are known stay known. */
    private static void reshapeTo(OnnxNode node, Shape target) {
        Optional<Operand.Integers> integers = Operand.integers(node.operand(0));
        if (integers.isPresent()) {
            node.shapeOf(new Op.Reshape(target), integers.get());
            node.define(integers.get().reshaped(target));
        } else {
            node.emitMovement(new Op.Reshape(target), 0);
        }
    }

    private static void reshape(OnnxNode node) {
        Shape from = node.operand(0).shape();
        List<SymbolicInteger> requested = node.integers(1).elements();
        boolean zeroCopies = node.integerAttribute("allowzero", 0) == 0;
        List<Dim> dims = new ArrayList<>();
        int inferred = -1;
        for (int axis = 0; axis < requested.size(); axis++) {
            long number = requested.get(axis).number().orElse(Long.MAX_VALUE);
            if (number == -1) {
                node.require(inferred < 0, "two extents of the shape " + requested + " are to be inferred");
                inferred = axis;
                dims.add(Dim.of(1));
            } else if (number == 0 && zeroCopies) {
                node.require(axis < from.rank(), "axis " + axis + " of " + from + " is to be kept, and there is none");
                dims.add(from.dim(axis));
            } else {
                dims.add(extent(node, requested.get(axis)));
            }
        }
        if (inferred >= 0) {
            Dim known = new Shape(dims).elementCount();
            dims.set(
                    inferred,
                    from.elementCount()
                            .dividedBy(known)
                            .orElseThrow(
                                    () -> node.unsupported(from + " does not divide into the shape " + requested)));
        }
        reshapeTo(node, new Shape(dims));
    }

    static Dim extent(OnnxNode node, SymbolicInteger size) {
        return size.extent().orElseThrow(() -> node.unsupported("the size " + size + " is no extent"));
    }

    private static void flatten(OnnxNode node) {
        Shape from = node.operand(0).shape();
        long axis = node.integerAttribute("axis", 1);
        int split = axis == from.rank() ? from.rank() : node.axis(axis, Math.max(1, from.rank()));
        Dim before = new Shape(from.dims().subList(0, split)).elementCount();
        Dim after = new Shape(from.dims().subList(split, from.rank())).elementCount();
        reshapeTo(node, Shape.of(before, after));
    }

    private static void squeeze(OnnxNode node) {
        Shape from = node.operand(0).shape();
        Optional<List<Long>> axes = node.numbersOf("axes", 1);
        List<Integer> removed = axes.isPresent()
                ? axes.get().stream().map(axis -> node.axis(axis, from.rank())).toList()
                : IntStream.range(0, from.rank())
                        .filter(axis -> from.dim(axis).is(1))
                        .boxed()
                        .toList();
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < from.rank(); axis++) {
            if (!removed.contains(axis)) {
                dims.add(from.dim(axis));
            } else {
                node.require(from.dim(axis).is(1), "axis " + axis + " of " + from + " is not 1");
            }
        }
        reshapeTo(node, new Shape(dims));
    }

    private static void unsqueeze(OnnxNode node) {
        Shape from = node.operand(0).shape();
        List<Long> axes = node.numbersOf("axes", 1).orElseThrow(() -> node.unsupported("no axes are given"));
        int rank = from.rank() + axes.size();
        List<Integer> added = axes.stream().map(axis -> node.axis(axis, rank)).toList();
        node.require(added.stream().distinct().count() == added.size(), "an axis is named twice: " + axes);
        List<Dim> dims = new ArrayList<>(from.dims());
        added.stream().sorted().forEach(axis -> dims.add(axis, Dim.of(1)));
        reshapeTo(node, new Shape(dims));
    }

    private static void expand(OnnxNode node) {
        Operand operand = node.operand(0);
        Shape requested = new Shape(node.integers(1).elements().stream()
                .map(size -> extent(node, size))
                .toList());
        Shape shape = node.shapeOf(new Op.Expand(requested), operand);
        Optional<Operand.Integers> integers = Operand.integers(operand);
        Optional<Tensor> repeated = UniformTensors.repeated(operand);
        if (integers.isPresent() && Operand.isFew(shape.elementCount())) {
            List<SymbolicInteger> elements = new ArrayList<>();
            for (int index : SmallTensors.broadcastIndices(operand.shape(), shape)) {
                elements.add(integers.get().elements().get(index));
            }
            node.define(new Operand.Integers(operand.type(), shape, elements));
        } else if (repeated.isPresent()) {
            node.define(new Operand.Uniform(repeated.get(), shape));
        } else {
            node.emitMovement(new Op.Expand(shape), 0);
        }
    }

    private static void transpose(OnnxNode node) {
        Operand operand = node.operand(0);
        int rank = operand.shape().rank();
        List<Integer> permutation = node.attribute("perm", AttributeProto.AttributeType.INTS)
                .map(attribute -> attribute.getIntsList().stream()
                        .map(axis -> node.axis(axis, rank))
                        .toList())
                .orElseGet(() -> IntStream.range(0, rank)
                        .map(axis -> rank - 1 - axis)
                        .boxed()
                        .toList());
        Op op = new Op.Transpose(permutation);
        node.shapeOf(op, operand);
        boolean moves = IntStream.range(0, rank).anyMatch(axis -> permutation.get(axis) != axis);
        if (!moves) {
            node.define(operand);
        } else if (operand instanceof Operand.Constant(Tensor tensor)) {
            node.define(new Operand.Constant(transposed(tensor, permutation)));
        } else {
            node.emitMovement(op, 0);
        }
    }

    /** A constant with its axes in another order, as a view, by exchanging two at a time. */
    private static Tensor transposed(Tensor tensor, List<Integer> permutation) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, tensor.rank()).boxed().toList());
        Tensor view = tensor;
        for (int axis = 0; axis < order.size(); axis++) {
            int from = order.indexOf(permutation.get(axis));
            if (from != axis) {
                view = view.transposed(axis, from);
                java.util.Collections.swap(order, axis, from);
            }
        }
        return view;
    }

    private static void constant(OnnxNode node) {
        Optional<Tensor> tensor = node.tensorAttribute("value");
        if (tensor.isEmpty()) {
            tensor = node.attribute("value_float", AttributeProto.AttributeType.FLOAT)
                    .map(attribute -> Tensor.ofFloats(Shape.SCALAR, attribute.getF()));
        }
        if (tensor.isEmpty()) {
            tensor = node.attribute("value_int", AttributeProto.AttributeType.INT)
                    .map(attribute -> Tensor.ofLongs(Shape.SCALAR, attribute.getI()));
        }
        if (tensor.isEmpty()) {
            tensor = node.attribute("value_ints", AttributeProto.AttributeType.INTS)
                    .map(attribute -> SmallTensors.ofIntegers(
                            DType.I64, Shape.of(attribute.getIntsCount()), attribute.getIntsList()));
        }
        if (tensor.isEmpty()) {
            tensor = node.attribute("value_floats", AttributeProto.AttributeType.FLOATS)
                    .map(attribute -> SmallFloats.vector(attribute.getFloatsList()));
        }
        node.define(new Operand.Constant(
                tensor.orElseThrow(() -> node.unsupported("it holds neither a tensor nor numbers"))));
    }

    private static void constantOfShape(OnnxNode node) {
        Tensor value = node.tensorAttribute("value").orElseGet(() -> Tensor.ofFloats(Shape.of(1), 0f));
        node.require(value.elementCount() == 1, "its value has " + value.elementCount() + " elements, not one");
        Shape shape = new Shape(node.integers(0).elements().stream()
                .map(size -> extent(node, size))
                .toList());
        double number = value.getDouble(new long[value.rank()]);
        long integer = value.type().isFloat() ? 0 : value.getLong(new long[value.rank()]);
        Tensor scalar = value.type().isFloat()
                ? Tensor.ofFloats(Shape.SCALAR, (float) number)
                : SmallTensors.ofIntegers(value.type(), Shape.SCALAR, List.of(integer));
        node.define(new Operand.Uniform(scalar, shape));
    }

    private static void range(OnnxNode node) {
        node.require(
                node.operand(0).type() == DType.I64 && node.operand(2).type() == DType.I64,
                "only integers are counted");
        SymbolicInteger start = single(node, 0);
        SymbolicInteger limit = single(node, 1);
        node.require(node.number(2) == 1, "only steps of 1 are supported, not " + node.number(2));
        SymbolicInteger count = limit.minus(start);
        Dim extent = count.most().orElse(1) <= 0 ? Dim.of(0) : extent(node, count);
        if (Operand.isFew(extent)) {
            List<SymbolicInteger> elements = new ArrayList<>();
            for (long index = 0; index < extent.value(); index++) {
                elements.add(start.plus(SymbolicInteger.of(index)));
            }
            node.define(Operand.Integers.vector(elements));
        } else if (start.equals(SymbolicInteger.of(0))) {
            node.emit(new Op.Range(extent));
        } else {
            long first = start.number().orElseThrow(() -> node.unsupported("it counts from " + start));
            node.emit(
                    new Op.Binary(Op.BinaryFunction.ADD),
                    node.step("count", new Op.Range(extent)),
                    node.constant("start", Tensor.ofLongs(Shape.SCALAR, first)));
        }
    }

    private static SymbolicInteger single(OnnxNode node, int index) {
        List<SymbolicInteger> elements = node.integers(index).elements();
        node.require(elements.size() == 1, "operand " + index + " must hold one number, not " + elements.size());
        return elements.getFirst();
    }
}
