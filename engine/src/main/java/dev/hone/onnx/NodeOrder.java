package dev.hone.onnx;

import dev.hone.HoneException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes in an order in which each stands behind those whose results it reads: a depth-first walk from each node. */
final class NodeOrder {
    private final List<EditableNode> nodes;
    private final Map<String, EditableNode> producers;
    private final Set<EditableNode> done = new LinkedHashSet<>();
    private final Set<EditableNode> open = new LinkedHashSet<>();

    NodeOrder(List<EditableNode> nodes, Map<String, EditableNode> producers) {
        this.nodes = nodes;
        this.producers = producers;
    }

    /**
     * The order.
     *
     * @throws HoneException of category CHECKPOINT when nodes wait for each other
     */
    List<EditableNode> ordered() {
        nodes.forEach(this::place);
        return new ArrayList<>(done);
    }

    /** Walks with a stack of its own: graphs are deeper than a thread's stack is long. */
    private void place(EditableNode last) {
        Deque<EditableNode> waiting = new ArrayDeque<>(List.of(last));
        while (!waiting.isEmpty()) {
            EditableNode node = waiting.peek();
            if (done.contains(node)) {
                waiting.pop();
                continue;
            }
            List<EditableNode> missing = missing(node);
            if (missing.isEmpty()) {
                done.add(waiting.pop());
                open.remove(node);
            } else if (open.add(node)) {
                missing.reversed().forEach(waiting::push);
            } else {
                throw new HoneException(
                        HoneException.Category.CHECKPOINT, "node " + node + " waits for its own result");
            }
        }
    }

    private List<EditableNode> missing(EditableNode node) {
        List<EditableNode> missing = new ArrayList<>();
        for (String input : node.inputs()) {
            EditableNode producer = producers.get(input);
            if (producer != null && !done.contains(producer)) {
                missing.add(producer);
            }
        }
        return missing;
    }
}
