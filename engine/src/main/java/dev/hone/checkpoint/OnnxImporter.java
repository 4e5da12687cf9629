package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns an ONNX model into a graph of small operators.
 *
 * <p>The first two axes of the inputs become the batch and the sequence. What the file computes from shapes is resolved
 * here, so that the graph holds symbolic shapes where the file holds subgraphs. Values keep their ONNX names.
 */
final class OnnxImporter {
    private static final long OLDEST_OPSET = 11;
    private static final long NEWEST_OPSET = 21;
    private static final Map<String, OnnxOperator> OPERATORS = operators();

    private final ModelProto model;
    private final OnnxTranslation translation;

    private OnnxImporter(ModelProto model, OnnxTensors tensors) {
        this.model = model;
        String name = model.getGraph().getName();
        this.translation =
                new OnnxTranslation(new GraphBuilder(name.isBlank() ? "graph" : name), tensors, opset(model));
    }

    private static Map<String, OnnxOperator> operators() {
        Map<String, OnnxOperator> table = new TreeMap<>();
        ElementwiseOperators.register(table);
        ShapeOperators.register(table);
        IndexOperators.register(table);
        MatrixOperators.register(table);
        return table;
    }

    /** What an import gives. */
    record Imported(Graph graph, List<String> notes) {}

    /**
     * Imports a model.
     *
     * @throws HoneException of category UNSUPPORTED for an operator or element type that is not known, of category
     *     CHECKPOINT for a damaged model; both name the file and the node
     */
    static Imported run(Path file, ModelProto model, OnnxTensors tensors) {
        try {
            return new OnnxImporter(model, tensors).imported();
        } catch (HoneException failure) {
            throw failure.atFile(file);
        } catch (ArithmeticException | IllegalArgumentException failure) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT, file + ": a size is absurd: " + failure.getMessage(), failure);
        }
    }

    private static long opset(ModelProto model) {
        return OnnxFacts.standardOpset(model).orElse(-1L);
    }

    private static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    private Imported imported() {
        if (translation.opset() < OLDEST_OPSET || translation.opset() > NEWEST_OPSET) {
            throw new HoneException(
                    HoneException.Category.UNSUPPORTED,
                    "operator set " + translation.opset() + " is not read, only " + OLDEST_OPSET + " to " + NEWEST_OPSET
                            + "; export the model again, for example with opset 17");
        }
        GraphProto graph = model.getGraph();
        if (graph.getSparseInitializerCount() > 0) {
            throw new HoneException(HoneException.Category.UNSUPPORTED, "sparse initialisers are not read");
        }
        graph.getInitializerList().forEach(translation::initializer);
        graph.getInputList().stream()
                .filter(input -> !translation.isInitializer(input.getName()))
                .forEach(this::defineInput);
        graph.getNodeList().forEach(this::translate);
        GraphBuilder builder = translation.builder();
        for (ValueInfoProto output : graph.getOutputList()) {
            try {
                builder.output(output.getName(), translation.value(translation.find(output.getName())));
            } catch (HoneException failure) {
                throw failure.at("output " + output.getName());
            }
        }
        return new Imported(LiveNodes.of(builder.build()), List.copyOf(translation.notes()));
    }

    private void defineInput(ValueInfoProto input) {
        TypeProto.Tensor type = input.getType().getTensorType();
        DType stored = OnnxTensors.typeOf(type.getElemType())
                .orElseThrow(() -> new HoneException(
                        HoneException.Category.UNSUPPORTED,
                        "input " + input.getName() + " has elements of type "
                                + OnnxTensors.typeName(type.getElemType())));
        DType computed = OnnxTranslation.normalized(stored);
        if (stored != computed) {
            translation.note("input " + input.getName() + " is " + stored.text() + " in the file and " + computed.text()
                    + " here");
        }
        Value value = translation.builder().input(input.getName(), computed, shape(input.getName(), type));
        translation.define(input.getName(), new Operand.Computed(value));
    }

    private static Shape shape(String input, TypeProto.Tensor type) {
        if (!type.hasShape()) {
            return Shape.of(Dim.BATCH, Dim.SEQUENCE);
        }
        List<Dim> dims = new ArrayList<>();
        for (TensorShapeProto.Dimension dimension : type.getShape().getDimList()) {
            boolean fixed = dimension.hasDimValue() && dimension.getDimValue() > 0;
            if (fixed) {
                dims.add(Dim.of(dimension.getDimValue()));
            } else if (dims.size() < 2) {
                dims.add(dims.isEmpty() ? Dim.BATCH : Dim.SEQUENCE);
            } else {
                throw new HoneException(
                        HoneException.Category.UNSUPPORTED,
                        "input " + input + " has a third axis of no fixed extent; expected [batch, sequence]");
            }
        }
        return new Shape(dims);
    }

    private void translate(NodeProto proto) {
        String place = "node " + (proto.getName().isEmpty() ? firstOutput(proto) : proto.getName()) + " ("
                + proto.getOpType() + ")";
        OnnxOperator operator = isStandard(proto.getDomain()) ? OPERATORS.get(proto.getOpType()) : null;
        if (operator == null) {
            String domain = isStandard(proto.getDomain()) ? "" : " of the domain " + proto.getDomain();
            throw new HoneException(
                    HoneException.Category.UNSUPPORTED,
                    place + ": the operator " + proto.getOpType() + domain + " is not known; known are "
                            + String.join(", ", OPERATORS.keySet()));
        }
        try {
            operator.translate(new OnnxNode(proto, translation));
        } catch (HoneException failure) {
            throw failure.at(place);
        } catch (ArithmeticException | IllegalArgumentException failure) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT, place + ": a size is absurd: " + failure.getMessage(), failure);
        }
    }

    private static String firstOutput(NodeProto proto) {
        return proto.getOutputCount() == 0 ? "without a name" : proto.getOutput(0);
    }
}
