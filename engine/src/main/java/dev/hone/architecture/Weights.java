package dev.hone.architecture;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Checkpoint;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Value;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Named weights of a checkpoint as constants of a graph: finds them under the names that different versions saved them
 * by, checks their shapes, and remembers which were used.
 */
final class Weights {
    /** Buffers that old checkpoints hold beside the weights; they can be computed. */
    private static final List<String> BUFFERS = List.of("position_ids", "token_type_ids");

    private final Checkpoint checkpoint;
    private final String prefix;
    private final GraphBuilder graph;
    private final Set<String> used = new HashSet<>();
    private final Map<String, Value> constants = new HashMap<>();

    Weights(Checkpoint checkpoint, String prefix, GraphBuilder graph) {
        this.checkpoint = checkpoint;
        this.prefix = prefix;
        this.graph = graph;
    }

    boolean has(String name) {
        return find(name).isPresent();
    }

    /** A weight of the given shape as a constant of the graph. */
    Value constant(String name, long... dims) {
        return constants.computeIfAbsent(name, key -> graph.constant(key, tensor(key, dims)));
    }

    /** Weights of one shape, joined along their first axis. */
    Value joined(String name, List<String> parts, long... dims) {
        List<Tensor> tensors = parts.stream().map(part -> tensor(part, dims)).toList();
        return graph.constant(name, Tensor.concatenate(0, tensors));
    }

    /** The rows of a matrix that the checkpoint holds. */
    long rows(String name, long columns) {
        Tensor tensor = find(name).orElseThrow(() -> missing(name));
        if (tensor.rank() != 2 || !tensor.shape().dim(1).is(columns)) {
            throw misshaped(name, tensor, "[*, " + columns + "]");
        }
        return tensor.shape().dim(0).value();
    }

    /** Names of weights that nothing used. */
    List<String> unused() {
        return checkpoint.tensorNames().stream()
                .filter(name -> !used.contains(name))
                .filter(name -> BUFFERS.stream().noneMatch(name::endsWith))
                .sorted()
                .toList();
    }

    private Tensor tensor(String name, long... dims) {
        Tensor tensor = find(name).orElseThrow(() -> missing(name));
        Shape expected = Shape.of(dims);
        if (!tensor.shape().equals(expected)) {
            throw misshaped(name, tensor, expected.toString());
        }
        if (!tensor.type().isFloat()) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    fileOf(name) + ": the weight " + name + " holds "
                            + tensor.type().text() + ", expected floats");
        }
        return tensor;
    }

    private Optional<Tensor> find(String name) {
        Optional<String> saved = savedAs(name);
        saved.ifPresent(used::add);
        return saved.flatMap(checkpoint::tensor);
    }

    /** The name that the checkpoint has a weight under. */
    private Optional<String> savedAs(String name) {
        String old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        return Stream.of(prefix + name, name, prefix + old, old)
                .filter(candidate -> checkpoint.tensor(candidate).isPresent())
                .findFirst();
    }

    /** The file that holds a weight. */
    Path fileOf(String name) {
        return checkpoint.fileOf(savedAs(name).orElse(name));
    }

    private HoneException missing(String name) {
        return new HoneException(
                Category.CHECKPOINT,
                checkpoint.fileOf(name) + ": the weight " + name + " is missing, with or without '" + prefix
                        + "' before it; do config.json and the weights belong together?");
    }

    private HoneException misshaped(String name, Tensor tensor, String expected) {
        return new HoneException(
                Category.CHECKPOINT,
                fileOf(name) + ": the weight " + name + " has the shape " + tensor.shape() + ", expected " + expected
                        + "; do config.json and the weights belong together?");
    }
}
