package dev.hone.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.hone.HoneException;
import dev.hone.checkpoint.MappedFile;
import dev.hone.checkpoint.OnnxModel;
import dev.hone.checkpoint.OnnxOutput;
import dev.hone.checkpoint.OnnxTensors;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A model of an ONNX file whose graph can be changed: nodes, constants, and who makes and reads each value.
 *
 * <p>The file is mapped; constants that nobody changes are never copied and are read only while this is open. What is
 * not edited stays as it is: names of inputs and outputs, their axes, metadata, documentation, functions of the model.
 * Not safe for use by several threads at once.
 */
public final class EditableModel implements AutoCloseable {
    private final Path file;
    private final Arena arena;
    private final ModelProto source;
    private final ConstantStore constants;
    private final Wiring wiring = new Wiring();
    private final OperatorSets operatorSets;
    private final List<ValueInfoProto> extraOutputs = new ArrayList<>();
    private final Names valueNames = new Names();
    private final Names nodeNames = new Names();
    private boolean described = true;

    private EditableModel(Path file, ModelProto source, Arena arena) {
        this.file = file;
        this.source = source;
        this.arena = arena;
        this.constants = new ConstantStore(
                new OnnxTensors(file, arena), source.getGraph().getInitializerList());
        this.operatorSets = new OperatorSets(source);
        GraphProto graph = source.getGraph();
        graph.getInputList().forEach(input -> valueNames.take(input.getName()));
        constants.names().forEach(valueNames::take);
        graph.getNodeList().forEach(this::adopt);
    }

    /**
     * Opens a file.
     *
     * @throws HoneException of category CHECKPOINT when it is missing or damaged, of category UNSUPPORTED when it holds
     *     subgraphs; a value that is made twice counts as damage
     */
    public static EditableModel open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            return new EditableModel(file, OnnxModel.parse(file, MappedFile.map(file, arena)), arena);
        } catch (HoneException failure) {
            arena.close();
            throw failure.atFile(file);
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    private void adopt(NodeProto proto) {
        EditableNode node = new EditableNode(proto);
        node.outputs().forEach(valueNames::take);
        if (node.name().isEmpty() || !nodeNames.take(node.name())) {
            node.rename(nodeNames.free(node.operator()));
        }
        node.outputs().stream().filter(constants::holds).forEach(output -> {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT, "the value " + output + " is a constant and made by " + node);
        });
        wiring.append(node);
    }

    /** The file that this was read from. */
    public Path file() {
        return file;
    }

    /** The nodes in their order, which is an order of computation. */
    public List<EditableNode> nodes() {
        return wiring.nodes();
    }

    /** How many nodes there are of each operator, by its name with its domain. */
    public Map<String, Integer> operatorCounts() {
        Map<String, Integer> counts = new TreeMap<>();
        wiring.nodes().forEach(node -> counts.merge(node.qualifiedOperator(), 1, Integer::sum));
        return counts;
    }

    /** The node that makes a value; none for inputs and constants. */
    public Optional<EditableNode> producer(String value) {
        return wiring.producer(value);
    }

    /** The nodes that read a value, each once, in the order in which they began to. */
    public List<EditableNode> readers(String value) {
        return List.copyOf(wiring.readers(value));
    }

    /** Whether exactly one node reads the value and it is no output of the graph. */
    public boolean isReadOnce(String value) {
        return wiring.readers(value).size() == 1 && !isOutput(value);
    }

    /** The graph's inputs as described in the file, without those that are constants. */
    public List<ValueInfoProto> inputs() {
        return source.getGraph().getInputList().stream()
                .filter(input -> !constants.holds(input.getName()))
                .toList();
    }

    /** The graph's outputs as described in the file, and those that were added. */
    public List<ValueInfoProto> outputs() {
        return Stream.concat(source.getGraph().getOutputList().stream(), extraOutputs.stream())
                .toList();
    }

    /** Whether the value is an output of the graph. */
    public boolean isOutput(String value) {
        return outputs().stream().anyMatch(output -> output.getName().equals(value));
    }

    /** Adds a value to the graph's outputs. */
    public void addOutput(ValueInfoProto output) {
        extraOutputs.add(output);
    }

    /** The version of the standard operator set. */
    public long operatorSet() {
        return operatorSets.version("");
    }

    /** Sees to it that a domain is imported in at least the version given; the empty one is the standard's. */
    public void requireOperatorSet(String domain, long version) {
        operatorSets.require(domain, version);
    }

    /** Names of the constants that the file or an edit holds as initialisers. */
    public Set<String> constantNames() {
        return constants.names();
    }

    /**
     * A constant: an initialiser, or what a node {@code Constant} holds.
     *
     * @throws HoneException of category CHECKPOINT, naming the constant, when its bytes are damaged
     */
    public Optional<Tensor> constant(String value) {
        return constants.find(value).or(() -> producer(value).flatMap(constants::of));
    }

    /** The tensor, number or list of numbers that a node's attribute holds. */
    public Optional<Tensor> tensor(EditableNode node, String attribute) {
        return node.attribute(attribute).flatMap(constants::ofAttribute);
    }

    /** Adds a constant under a free name that begins as given; the tensor must live until the model is saved. */
    public String addConstant(String stem, Tensor tensor) {
        String name = freeName(stem);
        constants.add(name, tensor);
        return name;
    }

    /** A name that no value has yet, and that is given out once. */
    public String freeName(String stem) {
        return valueNames.free(stem);
    }

    /**
     * Adds a node behind the last one that makes an operand of it, and before all that read its results.
     *
     * @param stem the node's name begins so
     * @param operator of the standard domain, or with {@code com.microsoft.} before it
     * @param outputs free names, or names whose producers were removed
     */
    public EditableNode add(String stem, String operator, List<String> inputs, List<String> outputs) {
        EditableNode node = new EditableNode(nodeNames.free(stem), operator, inputs, outputs);
        outputs.forEach(valueNames::take);
        wiring.addBehindOperands(node);
        requireOperatorSet(node.domain(), 1);
        return node;
    }

    /** Removes a node; its results are without a producer until another node makes them or nobody reads them. */
    public void remove(EditableNode node) {
        wiring.remove(node);
    }

    /** Makes a node read another value at one place; an empty name leaves the operand out. */
    public void changeInput(EditableNode node, int index, String value) {
        wiring.changeInput(node, index, value);
    }

    /** Gives one result of a node another name; who reads the old name is not changed. */
    public void changeOutput(EditableNode node, int index, String value) {
        valueNames.take(value);
        wiring.changeOutput(node, index, value);
    }

    /**
     * Makes all who read one value read another. An output of the graph keeps its name: the node that makes the other
     * value takes it over, or, where that cannot be, a node {@code Identity} hands it on.
     */
    public void replace(String value, String by) {
        wiring.redirect(value, by);
        if (!isOutput(value)) {
            return;
        }
        producer(value).ifPresent(this::remove);
        Optional<EditableNode> maker = producer(by).filter(node -> !isOutput(by));
        if (maker.isPresent()) {
            wiring.redirect(by, value);
            changeOutput(maker.get(), maker.get().outputs().indexOf(by), value);
        } else {
            add("Identity", "Identity", List.of(by), List.of(value));
        }
    }

    /** Removes nodes and constants that no output depends on, and gives the number of nodes removed. */
    public int removeUnused() {
        int before = nodes().size();
        for (EditableNode node : nodes().reversed()) {
            if (node.outputs().stream().noneMatch(this::isNeeded)) {
                remove(node);
            }
        }
        constants.keepOnly(this::isNeeded);
        return before - nodes().size();
    }

    private boolean isNeeded(String value) {
        return !wiring.readers(value).isEmpty() || isOutput(value);
    }

    /** Drops the types and shapes that the file gives for values inside, as an edit that changes types must. */
    public void forgetDescriptions() {
        described = false;
    }

    /** Puts the nodes into an order of computation, which keeps the present order where it can. */
    public void sort() {
        wiring.sort();
    }

    /**
     * Writes the model; the file appears when it is complete, otherwise not at all.
     *
     * @param largestSingleFileBytes constants of more bytes than this are written to a second file beside it, see
     *     {@link OnnxOutput#LARGEST_SINGLE_FILE_BYTES}; 0 to do so in any case
     * @throws HoneException of category OUTPUT when it cannot be written
     */
    public void save(Path target, long largestSingleFileBytes) {
        sort();
        try (Arena copies = Arena.ofConfined()) {
            OnnxOutput.write(toProto(), constants.initializers(copies), target, largestSingleFileBytes);
        }
    }

    /** Everything but the constants. */
    private ModelProto.Builder toProto() {
        ModelProto.Builder model = source.toBuilder();
        operatorSets.write(model);
        GraphProto.Builder graph = model.getGraphBuilder()
                .clearNode()
                .clearInitializer()
                .clearInput()
                .addAllInput(inputs())
                .clearOutput()
                .addAllOutput(outputs())
                .clearValueInfo();
        wiring.nodes().forEach(node -> graph.addNode(node.toProto()));
        source.getGraph().getValueInfoList().stream()
                .filter(info -> described && producer(info.getName()).isPresent())
                .forEach(graph::addValueInfo);
        return model;
    }

    /** Unmaps the file; constants that are read afterwards throw {@link IllegalStateException}. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
