package dev.hone.checkpoint;

import static dev.hone.checkpoint.OnnxAttributes.integer;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ONNX graph that is being written: its nodes, the constants they read, and names that are used once. */
final class OnnxEmission {
    private final Graph graph;
    private final Arena arena;
    private final GraphProto.Builder proto = GraphProto.newBuilder();
    private final List<OnnxInitializer> initializers = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, String> made = new HashMap<>();
    private final OnnxFacts facts;
    private final long opset;
    private int counter;

    OnnxEmission(Graph graph, Arena arena, OnnxFacts facts, long opset) {
        this.graph = graph;
        this.arena = arena;
        this.facts = facts;
        this.opset = opset;
        graph.inputs().forEach(input -> claim(input.name(), input.name()));
        graph.outputs().forEach((outputName, value) -> {
            boolean isFree = graph.producer(value).isPresent()
                    && !names.containsKey(value.name())
                    && facts.typeOf(outputName, value.type()) == value.type();
            if (taken.add(outputName) && isFree) {
                names.put(value.name(), outputName);
            }
        });
        graph.constants().keySet().forEach(this::claimFree);
        graph.nodes().forEach(node -> claimFree(node.name()));
        graph.inputs().stream()
                .filter(input -> facts.typeOf(input.name(), input.type()) != input.type())
                .forEach(input -> names.put(input.name(), cast(input.name(), input.type())));
    }

    private void claimFree(String valueName) {
        if (!names.containsKey(valueName)) {
            claim(valueName, taken.contains(valueName) ? freeName(valueName) : valueName);
        }
    }

    private void claim(String valueName, String onnxName) {
        names.put(valueName, onnxName);
        taken.add(onnxName);
    }

    private String freeName(String stem) {
        String candidate;
        do {
            candidate = stem + "/" + ++counter;
        } while (taken.contains(candidate));
        taken.add(candidate);
        return candidate;
    }

    Graph graph() {
        return graph;
    }

    List<OnnxInitializer> initializers() {
        return initializers;
    }

    /** The ONNX name of a value; a constant joins the file when it is first asked for. */
    String name(Value value) {
        String name = names.get(value.name());
        if (name == null) {
            throw new IllegalStateException("no value " + value + " in graph " + graph.name());
        }
        graph.constant(value).ifPresent(tensor -> made.computeIfAbsent("constant " + name, key -> add(name, tensor)));
        return name;
    }

    private String add(String name, Tensor tensor) {
        initializers.add(OnnxInitializer.of(name, tensor, arena));
        return name;
    }

    /** A value as f32: cast where it is a float of another type. */
    String floats(Value value) {
        return value.type().isFloat() ? floats(name(value), value.type()) : cast(name(value), DType.F32);
    }

    String floats(String name, DType type) {
        return type == DType.F32 ? name : cast(name, DType.F32);
    }

    /** A value under another type, cast once for all who read it. */
    String cast(String name, DType type) {
        return made.computeIfAbsent(type + " of " + name, key -> castInto(freeName(name), name, type));
    }

    String castInto(String output, String name, DType type) {
        return nodeInto(output, "Cast", List.of(name), integer("to", typeNumber(type)));
    }

    /** A small constant, written once for each content. */
    String constant(Tensor tensor) {
        String content = tensor.type() + " " + tensor.shape() + " "
                + (tensor.type().isFloat()
                        ? java.util.Arrays.toString(tensor.toFloatArray())
                        : java.util.Arrays.toString(tensor.toLongArray()));
        return made.computeIfAbsent(content, key -> add(freeName("constant"), tensor));
    }

    String number(double value) {
        return constant(Tensor.ofFloats(Shape.SCALAR, (float) value));
    }

    String integers(long... values) {
        return constant(Tensor.ofLongs(Shape.of(values.length), values));
    }

    /** A large constant under a name made from the given one. */
    String initializer(String stem, Tensor tensor) {
        return made.computeIfAbsent(
                "made " + stem + " " + System.identityHashCode(tensor), key -> add(freeName(stem), tensor));
    }

    /** A step that gives the same for the same key, such as a mask that all layers share. */
    String once(String key, java.util.function.Supplier<String> step) {
        String known = made.get(key);
        if (known == null) {
            known = step.get();
            made.put(key, known);
        }
        return known;
    }

    /** A vector of one element that holds an extent when the model runs. */
    String extent(Dim dim) {
        if (dim.isFixed()) {
            return integers(dim.value());
        }
        String product = once(
                "symbol " + dim.symbols().getFirst(), () -> symbol(dim.symbols().getFirst()));
        for (String symbol : dim.symbols().subList(1, dim.symbols().size())) {
            product = node("Mul", List.of(product, once("symbol " + symbol, () -> symbol(symbol))));
        }
        return dim.factor() == 1 ? product : node("Mul", List.of(product, integers(dim.factor())));
    }

    private String symbol(String symbol) {
        for (Value input : graph.inputs()) {
            int axis = input.shape().dims().indexOf(Dim.symbol(symbol));
            if (axis >= 0) {
                String shape = once("shape of " + input.name(), () -> node("Shape", List.of(name(input))));
                return node("Gather", List.of(shape, integers(axis)), integer("axis", 0));
            }
        }
        throw new HoneException(
                HoneException.Category.UNSUPPORTED,
                "graph " + graph.name() + ": no input has an axis of extent " + symbol + ", so no file can compute it");
    }

    /** A vector that holds extents when the model runs. */
    String extents(List<Dim> dims) {
        if (dims.stream().allMatch(Dim::isFixed)) {
            return integers(dims.stream().mapToLong(Dim::value).toArray());
        }
        return node("Concat", dims.stream().map(this::extent).toList(), integer("axis", 0));
    }

    /** A reduction over axes, which were an attribute once and are an operand now. */
    String reduced(String operator, String x, List<Integer> axes, boolean keepsAxes) {
        AttributeProto keeps = integer("keepdims", keepsAxes ? 1 : 0);
        boolean asOperand = operator.equals("ReduceSum") || opset >= OnnxVersions.AXES_AS_OPERANDS;
        return asOperand
                ? node(
                        operator,
                        List.of(
                                x,
                                integers(axes.stream()
                                        .mapToLong(Integer::longValue)
                                        .toArray())),
                        keeps)
                : node(operator, List.of(x), OnnxAttributes.integers("axes", axes), keeps);
    }

    String node(String operator, List<String> inputs, AttributeProto... attributes) {
        return nodeInto(freeName(operator), operator, inputs, attributes);
    }

    String nodeInto(String output, String operator, List<String> inputs, AttributeProto... attributes) {
        nodeInto(List.of(output), operator, inputs, attributes);
        return output;
    }

    List<String> nodes(int outputs, String operator, List<String> inputs, AttributeProto... attributes) {
        List<String> names = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            names.add(freeName(operator));
        }
        nodeInto(names, operator, inputs, attributes);
        return names;
    }

    /** Gives a step's result the name of a value: the step itself takes it where nobody else reads the result. */
    void rename(String output, String result) {
        int last = proto.getNodeCount() - 1;
        boolean isOwn = last >= 0
                && proto.getNode(last).getOutputList().equals(List.of(result))
                && !names.containsValue(result)
                && !made.containsValue(result);
        if (isOwn) {
            proto.getNodeBuilder(last).setOutput(0, output).setName(output);
        } else {
            nodeInto(output, "Identity", List.of(result));
        }
    }

    private void nodeInto(List<String> outputs, String operator, List<String> inputs, AttributeProto... attributes) {
        proto.addNode(NodeProto.newBuilder()
                .setName(outputs.getFirst())
                .setOpType(operator)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
    }

    static int typeNumber(DType type) {
        TensorProto.DataType number = switch (type) {
            case F64 -> TensorProto.DataType.DOUBLE;
            case F32 -> TensorProto.DataType.FLOAT;
            case F16 -> TensorProto.DataType.FLOAT16;
            case BF16 -> TensorProto.DataType.BFLOAT16;
            case I64 -> TensorProto.DataType.INT64;
            case I32 -> TensorProto.DataType.INT32;
            case I16 -> TensorProto.DataType.INT16;
            case I8 -> TensorProto.DataType.INT8;
            case U8 -> TensorProto.DataType.UINT8;
            case BOOL -> TensorProto.DataType.BOOL;
        };
        return number.getNumber();
    }

    /** Closes the graph: inputs, and outputs under their names. */
    GraphProto.Builder finish() {
        proto.setName(graph.name());
        graph.inputs().forEach(input -> proto.addInput(described(input.name(), input)));
        graph.outputs().forEach((name, value) -> {
            String written = name(value);
            if (facts.typeOf(name, value.type()) != value.type()) {
                castInto(name, written, facts.typeOf(name, value.type()));
            } else if (!written.equals(name)) {
                nodeInto(name, "Identity", List.of(written));
            }
            proto.addOutput(described(name, value));
        });
        return proto;
    }

    private ValueInfoProto described(String name, Value value) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int axis = 0; axis < value.shape().rank(); axis++) {
            Dim dim = value.shape().dim(axis);
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            String symbol = facts.axisName(name, axis).orElse(dim.toString());
            shape.addDim(dim.isFixed() ? dimension.setDimValue(dim.value()) : dimension.setDimParam(symbol));
        }
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder()
                .setElemType(typeNumber(facts.typeOf(name, value.type())))
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }
}
