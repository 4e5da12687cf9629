package dev.hone.architecture;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.architecture.Family.LayerNames;
import dev.hone.graph.Activation;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Adds embeddings and layers to a graph, in the fused form that the transforms make of an exported model. */
final class EncoderGraph {
    private final GraphBuilder graph;
    private final Weights weights;
    private final Family family;
    private final Sizes sizes;
    private final Value ids;
    private final Value mask;

    EncoderGraph(GraphBuilder graph, Weights weights, Family family, Sizes sizes) {
        this.graph = graph;
        this.weights = weights;
        this.family = family;
        this.sizes = sizes;
        Shape tokens = Shape.of(Dim.BATCH, Dim.SEQUENCE);
        this.ids = graph.input("input_ids", DType.I64, tokens);
        this.mask = graph.input("attention_mask", DType.I64, tokens);
    }

    /** The rows [b, s, hidden] behind the last layer. */
    Value lastHiddenState() {
        Value rows = embeddings();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            rows = layer(layer, rows);
        }
        return rows;
    }

    private Value embeddings() {
        int width = sizes.embedding();
        List<Value> operands = new ArrayList<>(List.of(ids));
        if (family.hasTokenTypes()) {
            operands.add(graph.input("token_type_ids", DType.I64, ids.shape()));
        }
        operands.add(weights.constant("embeddings.word_embeddings.weight", sizes.vocabulary(), width));
        operands.add(weights.constant("embeddings.position_embeddings.weight", sizes.positionRows(), width));
        if (family.hasTokenTypes()) {
            operands.add(weights.constant("embeddings.token_type_embeddings.weight", sizes.types(), width));
        }
        operands.add(weights.constant("embeddings.LayerNorm.weight", width));
        operands.add(weights.constant("embeddings.LayerNorm.bias", width));
        Value rows = graph.addNamed("embeddings", new Op.Embedding(sizes.positions(), sizes.epsilon()), operands);
        return width == sizes.hidden() ? rows : linear("embeddings_project", rows, sizes.hidden(), Activation.NONE);
    }

    private Value layer(int number, Value rows) {
        LayerNames names = family.layer();
        String layer = names.start() + number + ".";
        Value context = attention(layer, names, rows);
        Value attended = linear(layer + names.attentionOutput(), context, sizes.hidden(), Activation.NONE);
        Value middle = residualNorm(layer + names.attentionNorm(), attended, rows);
        Value inner = linear(layer + names.inner(), middle, sizes.inner(), sizes.activation());
        Value output = linear(layer + names.output(), inner, sizes.hidden(), Activation.NONE);
        return residualNorm(layer + names.outputNorm(), output, middle);
    }

    private Value attention(String layer, LayerNames names, Value rows) {
        List<String> projections =
                names.projections().stream().map(name -> layer + name).toList();
        long width = weights.rows(projections.getFirst() + ".weight", sizes.hidden());
        if (width % sizes.heads() != 0) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    weights.fileOf(projections.getFirst() + ".weight") + ": " + projections.getFirst() + " has " + width
                            + " rows, which " + sizes.heads()
                            + " heads cannot share; do config.json and the weights belong together?");
        }
        Value weight = weights.joined(
                layer + "qkv.weight",
                projections.stream().map(name -> name + ".weight").toList(),
                width,
                sizes.hidden());
        Value bias = weights.joined(
                layer + "qkv.bias",
                projections.stream().map(name -> name + ".bias").toList(),
                width);
        Value merged =
                graph.addNamed(layer + "qkv", new Op.Linear(Activation.NONE, DType.F32), List.of(rows, weight, bias));
        int headSize = Math.toIntExact(width / sizes.heads());
        return graph.addNamed(
                layer + "attention",
                new Op.Attention(sizes.heads(), headSize, 1 / Math.sqrt(headSize), DType.F32),
                List.of(merged, mask));
    }

    /** A linear layer whose weights have the layer's name. */
    Value linear(String name, Value rows, int columns, Activation activation) {
        long depth = rows.shape().last().value();
        Value weight = weights.constant(name + ".weight", columns, depth);
        Value bias = weights.constant(name + ".bias", columns);
        return graph.addNamed(name, new Op.Linear(activation, DType.F32), List.of(rows, weight, bias));
    }

    private Value residualNorm(String name, Value rows, Value residual) {
        Value gamma = weights.constant(name + ".weight", sizes.hidden());
        Value beta = weights.constant(name + ".bias", sizes.hidden());
        return graph.addNamed(name, new Op.ResidualLayerNorm(sizes.epsilon()), List.of(rows, residual, gamma, beta));
    }

    /** A normalisation of rows whose weights have its name. */
    Value norm(String name, Value rows) {
        long width = rows.shape().last().value();
        Value gamma = weights.constant(name + ".weight", width);
        Value beta = weights.constant(name + ".bias", width);
        return graph.addNamed(name, new Op.LayerNorm(sizes.epsilon()), List.of(rows, gamma, beta));
    }
}
