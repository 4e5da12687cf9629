package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.PositionScheme;
import dev.hone.graph.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The sum of word, position and type embeddings, in any order, and its normalisation.
 *
 * <pre>
 * layerNorm(gather(words, input_ids) + gather(types, token_type_ids) + gather(positions, 0 1 2 …), γ, β)
 *   →  embedding(input_ids, token_type_ids, words, positions, types, γ, β)
 * layerNorm(gather(words, input_ids) + gather(positions, …), γ, β)
 *   →  embedding(input_ids, words, positions, γ, β)
 * </pre>
 */
public final class FuseEmbedding implements RewriteRule {
    /** A lookup in a constant table. */
    private record Lookup(Value table, Value indices) {}

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!(node.op() instanceof Op.LayerNorm norm)) {
            return Optional.empty();
        }
        List<Value> summands = new ArrayList<>();
        flatten(node.input(0), graph, summands);
        List<Lookup> lookups = summands.stream()
                .flatMap(summand -> lookup(summand, graph).stream())
                .toList();
        if (lookups.isEmpty()) {
            return Optional.empty();
        }
        if (lookups.size() != summands.size() || summands.size() < 2 || summands.size() > 3) {
            return graph.refuse(
                    node,
                    "its operand is a sum of " + summands.size() + " values, of which " + lookups.size()
                            + " are rows of constant tables");
        }
        return embedding(node, norm, lookups, graph);
    }

    private static Optional<Replacement> embedding(
            Node node, Op.LayerNorm norm, List<Lookup> lookups, Rewriting graph) {
        Optional<Lookup> positions = lookups.stream()
                .filter(lookup -> PositionRows.of(lookup.indices(), graph).isPresent())
                .findFirst();
        Optional<Lookup> words = lookups.stream()
                .filter(lookup -> graph.isInput(lookup.indices()) && !isTypes(lookup.indices()))
                .max(Comparator.comparingLong(
                        lookup -> lookup.table().shape().dim(0).value()));
        if (positions.isEmpty() || words.isEmpty()) {
            return graph.refuse(node, "no table is looked up by " + (words.isEmpty() ? "token ids" : "positions"));
        }
        PositionScheme scheme =
                PositionRows.of(positions.get().indices(), graph).orElseThrow();
        List<Value> operands = new ArrayList<>();
        operands.add(words.get().indices());
        List<Lookup> rest = lookups.stream()
                .filter(lookup -> !lookup.equals(positions.get()) && !lookup.equals(words.get()))
                .toList();
        rest.forEach(types -> operands.add(types.indices()));
        operands.add(words.get().table());
        operands.add(positions.get().table());
        rest.forEach(types -> operands.add(types.table()));
        operands.add(node.input(1));
        operands.add(node.input(2));
        return Optional.of(Replacement.of(new Op.Embedding(scheme, norm.epsilon()), operands));
    }

    /** Types are told from token ids by their name, and otherwise by the smaller table. */
    private static boolean isTypes(Value indices) {
        return indices.name().contains("type") || indices.name().contains("segment");
    }

    private static void flatten(Value value, Rewriting graph, List<Value> summands) {
        Optional<Node> sum = graph.producer(value, Op.Binary.class)
                .filter(node -> ((Op.Binary) node.op()).function() == BinaryFunction.ADD);
        if (sum.isPresent()) {
            flatten(sum.get().input(0), graph, summands);
            flatten(sum.get().input(1), graph, summands);
        } else {
            summands.add(value);
        }
    }

    private static Optional<Lookup> lookup(Value value, Rewriting graph) {
        return graph.producer(value, Op.Gather.class)
                .filter(node -> ((Op.Gather) node.op()).axis() == 0)
                .filter(node ->
                        graph.isConstant(node.input(0)) && node.input(0).shape().rank() == 2)
                .map(node -> new Lookup(node.input(0), node.input(1)));
    }
}
