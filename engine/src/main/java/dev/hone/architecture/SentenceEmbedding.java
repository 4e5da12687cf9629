package dev.hone.architecture;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Configuration;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.Pooling;
import dev.hone.graph.TypeInference;
import dev.hone.graph.Value;
import dev.hone.graph.ValueType;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the modules of a sentence-embedding directory do behind the encoder. */
public final class SentenceEmbedding {
    private static final String MODULES = "modules.json";
    private static final String STATES = "last_hidden_state";
    private static final String EMBEDDING = "sentence_embedding";

    /** Vectors shorter than this are left as they are instead of being divided by nearly nothing. */
    private static final double SHORTEST = 1e-12;

    /** Modes whose vectors would be appended to those of the known ones. */
    private static final List<String> UNKNOWN_POOLINGS =
            List.of("pooling_mode_mean_sqrt_len_tokens", "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken");

    private SentenceEmbedding() {}

    /**
     * Adds pooling and normalisation as the output {@code sentence_embedding}, where the directory has modules that ask
     * for them and the graph does not have it already.
     *
     * @throws HoneException of category UNSUPPORTED for a module or pooling that is not known
     */
    public static Graph addTo(Graph graph, Path directory) {
        Optional<Value> mask = graph.inputs().stream()
                .filter(input -> input.name().equals("attention_mask"))
                .findFirst();
        Value states = graph.outputs().get(STATES);
        if (!isIn(directory) || graph.outputs().containsKey(EMBEDDING)) {
            return graph;
        }
        if (states == null || mask.isEmpty()) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    directory.resolve(MODULES) + ": the modules need a model with the output " + STATES
                            + " and the input attention_mask; this one has "
                            + graph.outputs().keySet());
        }
        return extend(graph, states, mask.get(), directory);
    }

    /** Whether a directory has modules behind the encoder. */
    static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(MODULES));
    }

    private static Graph extend(Graph graph, Value states, Value mask, Path directory) {
        List<Node> nodes = new ArrayList<>(graph.nodes());
        Value vector = states;
        for (Configuration module : Configuration.readList(directory.resolve(MODULES))) {
            String type = module.text("type").orElse("");
            String kind = type.substring(type.lastIndexOf('.') + 1);
            switch (kind) {
                case "Transformer" -> {}
                case "Pooling" -> {
                    Path settings = inside(directory, module).resolve("config.json");
                    Op pool = new Op.Pool(pooling(Configuration.read(settings)));
                    vector = append(nodes, "pooled_embedding", pool, List.of(vector, mask));
                }
                case "Normalize" ->
                    vector = append(nodes, "normalized_embedding", new Op.Normalize(SHORTEST), List.of(vector));
                default ->
                    throw new HoneException(
                            Category.UNSUPPORTED,
                            directory.resolve(MODULES) + ": the module '" + type
                                    + "' is not known; known are Transformer, Pooling, Normalize");
            }
        }
        Map<String, Value> outputs = new LinkedHashMap<>(graph.outputs());
        if (!vector.equals(states)) {
            outputs.put(EMBEDDING, vector);
        }
        return new Graph(graph.name(), graph.inputs(), graph.constants(), nodes, outputs);
    }

    /** The directory of a module; a path in a file that is not trusted may not lead out of the model's directory. */
    private static Path inside(Path directory, Configuration module) {
        String named = module.text("path").orElse("1_Pooling");
        try {
            Path model = directory.toAbsolutePath().normalize();
            Path path = model.resolve(named).normalize();
            if (path.startsWith(model)) {
                return path;
            }
        } catch (InvalidPathException noPath) {
            throw outside(module, named);
        }
        throw outside(module, named);
    }

    private static HoneException outside(Configuration module, String path) {
        return new HoneException(
                Category.CHECKPOINT,
                module.file() + ": the path '" + path + "' of a module is no directory inside the model's directory");
    }

    private static Value append(List<Node> nodes, String name, Op op, List<Value> operands) {
        ValueType type = TypeInference.outputOf(op, operands);
        Value output = new Value(name, type.type(), type.shape());
        nodes.add(new Node(op, operands, output));
        return output;
    }

    private static Pooling pooling(Configuration settings) {
        Map<String, Pooling> known = Map.of(
                "pooling_mode_mean_tokens", Pooling.MEAN,
                "pooling_mode_cls_token", Pooling.CLS,
                "pooling_mode_max_tokens", Pooling.MAX);
        List<Pooling> asked = known.entrySet().stream()
                .filter(mode -> settings.flag(mode.getKey()).orElse(false))
                .map(Map.Entry::getValue)
                .toList();
        boolean others =
                UNKNOWN_POOLINGS.stream().anyMatch(mode -> settings.flag(mode).orElse(false));
        if (asked.size() != 1 || others) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    settings.file()
                            + ": expected one of the poolings mean, cls and max to be chosen and no other, found "
                            + asked);
        }
        return asked.getFirst();
    }
}
