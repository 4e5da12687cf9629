package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translation of ONNX operators that pick, cut and join. */
final class IndexOperators {
    private IndexOperators() {}

    static void register(Map<String, OnnxOperator> table) {
        table.put("Gather", IndexOperators::gather);
        table.put("GatherElements", IndexOperators::gatherElements);
        table.put("Slice", IndexOperators::slice);
        table.put("Split", IndexOperators::split);
        table.put("Concat", IndexOperators::concat);
    }

    private static void gather(OnnxNode node) {
        Operand data = node.operand(0);
        Op op = new Op.Gather(
                node.axis(node.integerAttribute("axis", 0), data.shape().rank()));
        Optional<Operand.Integers> elements = Operand.integers(data);
        Optional<Operand.Integers> indices = Operand.integers(node.operand(1));
        if (elements.isPresent() && indices.isPresent() && data.shape().rank() == 1) {
            node.define(picked(node, elements.get(), indices.get()));
        } else if (data instanceof Operand.Uniform(Tensor scalar, Shape _)) {
            node.define(new Operand.Uniform(scalar, node.shapeOf(op, data, node.operand(1))));
        } else {
            node.emit(op, node.value(0), node.value(1));
        }
    }

    private static Operand picked(OnnxNode node, Operand.Integers data, Operand.Integers indices) {
        List<Long> numbers = indices.numbers().orElseThrow(() -> node.unsupported("an index depends on lengths"));
        List<SymbolicInteger> elements = new ArrayList<>();
        for (long index : numbers) {
            elements.add(data.elements().get(node.axis(index, data.elements().size())));
        }
        return new Operand.Integers(data.type(), indices.shape(), elements);
    }

    /** Exports pick token types from a buffer of zeros this way; then the indices decide nothing but the shape. */
    private static void gatherElements(OnnxNode node) {
        Tensor scalar = UniformTensors.repeated(node.operand(0))
                .orElseThrow(() -> node.unsupported("GatherElements is read only where all elements are equal"));
        node.require(node.operand(1).type() == DType.I64, "the indices are no integers");
        node.define(new Operand.Uniform(scalar, node.operand(1).shape()));
    }

    private static void slice(OnnxNode node) {
        Shape from = node.operand(0).shape();
        List<SymbolicInteger> starts = node.integers(1).elements();
        List<SymbolicInteger> ends = node.integers(2).elements();
        List<Long> axes = node.hasInput(3) ? node.numbers(3) : ascending(starts.size());
        List<Long> steps = node.hasInput(4) ? node.numbers(4) : Collections.nCopies(starts.size(), 1L);
        boolean equal = ends.size() == starts.size() && axes.size() == starts.size() && steps.size() == starts.size();
        node.require(equal && !starts.isEmpty(), "starts, ends, axes and steps differ in number");
        node.require(steps.stream().allMatch(step -> step == 1), "only steps of 1 are supported, not " + steps);
        List<Op.Slice> cuts = new ArrayList<>();
        for (int index = 0; index < starts.size(); index++) {
            int axis = node.axis(axes.get(index), from.rank());
            Op.Slice cut = cut(node, axis, from.dim(axis), starts.get(index), ends.get(index));
            if (!cut.start().is(0) || !cut.end().equals(from.dim(axis))) {
                cuts.add(cut);
            }
        }
        apply(node, cuts);
    }

    private static List<Long> ascending(int count) {
        List<Long> numbers = new ArrayList<>();
        for (long number = 0; number < count; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    private static void apply(OnnxNode node, List<Op.Slice> cuts) {
        Operand operand = node.operand(0);
        Optional<Operand.Integers> integers = Operand.integers(operand);
        if (cuts.isEmpty()) {
            node.define(operand);
        } else if (integers.isPresent() && operand.shape().rank() == 1 && cuts.size() == 1) {
            node.define(part(node, integers.get(), cuts.getFirst()));
        } else if (UniformTensors.repeated(operand).isPresent()) {
            Operand.Uniform uniform =
                    new Operand.Uniform(UniformTensors.repeated(operand).orElseThrow(), operand.shape());
            for (Op.Slice cut : cuts) {
                uniform = new Operand.Uniform(uniform.scalar(), node.shapeOf(cut, uniform));
            }
            node.define(uniform);
        } else {
            Value value = node.value(0);
            for (Op.Slice cut : cuts.subList(0, cuts.size() - 1)) {
                value = node.step("part", cut, value);
            }
            node.emit(cuts.getLast(), value);
        }
    }

    private static Operand part(OnnxNode node, Operand.Integers integers, Op.Slice cut) {
        node.shapeOf(cut, integers);
        node.require(cut.end().isFixed(), "a list of sizes is cut at " + cut.end());
        List<SymbolicInteger> part = integers.elements()
                .subList((int) cut.start().value(), (int) cut.end().value());
        return new Operand.Integers(integers.type(), Shape.of(part.size()), part);
    }

    private static Op.Slice cut(OnnxNode node, int axis, Dim extent, SymbolicInteger start, SymbolicInteger end) {
        Dim from = bound(node, extent, start);
        Dim to = bound(node, extent, end);
        boolean isEmpty = from.isFixed() && to.isFixed() && to.value() < from.value();
        return new Op.Slice(axis, from, isEmpty ? from : to);
    }

    /** A position on an axis: negative ones count from the end, and those beyond either end mean that end. */
    private static Dim bound(OnnxNode node, Dim extent, SymbolicInteger position) {
        SymbolicInteger whole = SymbolicInteger.of(extent);
        long number = position.number().orElse(0);
        if (number >= Integer.MAX_VALUE) {
            return extent;
        }
        if (number <= Integer.MIN_VALUE) {
            return Dim.of(0);
        }
        SymbolicInteger place = number < 0 ? position.plus(whole) : position;
        if (place.minus(whole).isNeverNegative()) {
            return extent;
        }
        if (place.most().isPresent() && place.most().getAsLong() <= 0) {
            return Dim.of(0);
        }
        // A position table is cut to the length of the sequences, which never exceeds it in a model that answers.
        boolean isTable = extent.isFixed() && !position.number().isPresent();
        node.require(
                isTable || whole.minus(place).isNeverNegative(),
                "whether " + position + " lies within an axis of " + extent + " is known only when the model runs");
        return ShapeOperators.extent(node, place);
    }

    private static void split(OnnxNode node) {
        Operand data = node.operand(0);
        int axis = node.axis(node.integerAttribute("axis", 0), data.shape().rank());
        Dim extent = data.shape().dim(axis);
        node.require(extent.isFixed(), "an axis of " + extent + " is split");
        List<Long> sizes = node.numbersOf("split", 1).orElseGet(() -> equalParts(node, extent.value()));
        node.require(
                sizes.size() == node.outputCount(), sizes.size() + " parts for " + node.outputCount() + " outputs");
        long start = 0;
        for (int output = 0; output < sizes.size(); output++) {
            node.require(
                    sizes.get(output) >= 0 && sizes.get(output) <= extent.value() - start,
                    "the parts " + sizes + " do not fit an axis of " + extent);
            long end = start + sizes.get(output);
            if (!node.outputName(output).isEmpty()) {
                node.emitOutput(output, new Op.Slice(axis, Dim.of(start), Dim.of(end)), node.value(0));
            }
            start = end;
        }
        node.require(start == extent.value(), "the parts " + sizes + " do not fill an axis of " + extent);
    }

    private static List<Long> equalParts(OnnxNode node, long extent) {
        long count = node.integerAttribute("num_outputs", node.outputCount());
        node.require(count == node.outputCount() && count > 0, "it splits into " + count + " parts");
        long size = Math.ceilDiv(extent, count);
        List<Long> sizes = new ArrayList<>(Collections.nCopies((int) count - 1, size));
        sizes.add(extent - size * (count - 1));
        return sizes;
    }

    private static void concat(OnnxNode node) {
        node.require(node.inputCount() > 0, "it joins nothing");
        long axis = node.attribute("axis", AttributeProto.AttributeType.INT)
                .map(AttributeProto::getI)
                .orElseThrow(() -> node.unsupported("no axis is given"));
        Op.Concat op = new Op.Concat(node.axis(axis, node.operand(0).shape().rank()));
        List<SymbolicInteger> elements = new ArrayList<>();
        boolean known = true;
        for (int index = 0; index < node.inputCount(); index++) {
            Operand operand = node.operand(index);
            Optional<Operand.Integers> integers = Operand.integers(operand);
            known &= integers.isPresent() && operand.shape().rank() == 1 && operand.type() == DType.I64;
            integers.ifPresent(part -> elements.addAll(part.elements()));
        }
        if (known && elements.size() <= Operand.MOST_FOLLOWED) {
            node.define(Operand.Integers.vector(elements));
            return;
        }
        Value[] parts = new Value[node.inputCount()];
        for (int index = 0; index < parts.length; index++) {
            parts[index] = node.value(index);
        }
        node.emit(op, parts);
    }
}
