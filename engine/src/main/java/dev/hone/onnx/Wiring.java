package dev.hone.onnx;

import dev.hone.HoneException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes of a graph under edit in their order, and who makes and reads each value. */
final class Wiring {
    private final List<EditableNode> nodes = new ArrayList<>();
    private final Map<String, EditableNode> producers = new LinkedHashMap<>();
    private final Map<String, Set<EditableNode>> readers = new LinkedHashMap<>();

    List<EditableNode> nodes() {
        return List.copyOf(nodes);
    }

    Optional<EditableNode> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    Set<EditableNode> readers(String value) {
        return readers.getOrDefault(value, Set.of());
    }

    void append(EditableNode node) {
        insert(nodes.size(), node);
    }

    /** Puts a node behind the last one whose result it reads. */
    void addBehindOperands(EditableNode node) {
        int place = 0;
        for (String input : node.inputs()) {
            place = Math.max(place, producer(input).map(nodes::indexOf).orElse(-1) + 1);
        }
        insert(place, node);
    }

    private void insert(int place, EditableNode node) {
        if (node.outputs().isEmpty()) {
            throw new HoneException(HoneException.Category.CHECKPOINT, "node " + node + " makes nothing");
        }
        for (String output : node.outputs()) {
            if (!output.isEmpty() && producers.putIfAbsent(output, node) != null) {
                throw new HoneException(
                        HoneException.Category.CHECKPOINT, "the value " + output + " is made twice, last by " + node);
            }
        }
        nodes.add(place, node);
        node.inputs().forEach(input -> read(input, node));
    }

    private void read(String value, EditableNode node) {
        if (!value.isEmpty()) {
            readers.computeIfAbsent(value, key -> new LinkedHashSet<>()).add(node);
        }
    }

    private void forget(String value, EditableNode node) {
        Set<EditableNode> all = readers.get(value);
        if (all != null) {
            all.remove(node);
        }
    }

    void remove(EditableNode node) {
        nodes.remove(node);
        node.outputs().forEach(producers::remove);
        node.inputs().forEach(input -> forget(input, node));
    }

    void changeInput(EditableNode node, int index, String value) {
        String old = node.input(index);
        node.changeInput(index, value);
        if (!node.inputs().contains(old)) {
            forget(old, node);
        }
        read(value, node);
    }

    void changeOutput(EditableNode node, int index, String value) {
        producers.remove(node.outputs().get(index));
        node.changeOutput(index, value);
        producers.put(value, node);
    }

    /** Makes all who read one value read another. */
    void redirect(String value, String by) {
        for (EditableNode reader : List.copyOf(readers(value))) {
            for (int index = 0; index < reader.inputs().size(); index++) {
                if (reader.input(index).equals(value)) {
                    changeInput(reader, index, by);
                }
            }
        }
    }

    /** Puts the nodes into an order of computation, which keeps the present order where it can. */
    void sort() {
        List<EditableNode> ordered = new NodeOrder(nodes, producers).ordered();
        nodes.clear();
        nodes.addAll(ordered);
    }
}
