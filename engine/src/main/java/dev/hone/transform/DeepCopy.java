package dev.hone.transform;

import dev.hone.checkpoint.OnnxInitializer;
import dev.hone.graph.Graph;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A graph that shares no memory with the one it was made from: its constants are read from the model's files into
 * memory of their own, so that the files may be closed. Freed with the last reference to it.
 */
public final class DeepCopy implements Pass {
    private static final int ALIGNMENT = 64;

    @Override
    public String name() {
        return getClass().getSimpleName();
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        graph.constants().forEach((name, tensor) -> copies.put(name, copy(name, tensor)));
        return new Graph(graph.name(), graph.inputs(), copies, graph.nodes(), graph.outputs());
    }

    private static Tensor copy(String name, Tensor tensor) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment elements = OnnxInitializer.of(name, tensor, scratch).memory();
            MemorySegment own = Arena.ofAuto().allocate(elements.byteSize(), ALIGNMENT);
            return Tensor.of(tensor.type(), tensor.shape(), own.copyFrom(elements));
        }
    }
}
