package dev.hone.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a {@link TaskConfiguration} from the small JSON files of a model directory. */
final class ConfigurationFiles {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long LARGEST_FILE_BYTES = 16L << 20;
    private static final int KEPT_FREE = 2;

    private final Path directory;

    ConfigurationFiles(Path model) {
        Path beside = model.toAbsolutePath().getParent();
        this.directory = Files.isDirectory(model) || beside == null ? model : beside;
    }

    TaskConfiguration read() {
        JsonNode config = json("config.json");
        return new TaskConfiguration(
                config.path("architectures").path(0).asText(""),
                labels(config.path("id2label")),
                problemType(config.path("problem_type")),
                maximumLength(config),
                pooling());
    }

    private List<String> labels(JsonNode byId) {
        var labels = new ArrayList<String>();
        for (int id = 0; id < byId.size(); id++) {
            JsonNode label = byId.path(Integer.toString(id));
            if (!label.isTextual()) {
                throw damaged("config.json", "id2label has " + byId.size() + " entries but none for label " + id);
            }
            labels.add(label.textValue());
        }
        return labels;
    }

    private Optional<ProblemType> problemType(JsonNode name) {
        if (name.isMissingNode() || name.isNull()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (name.asText("")) {
                    case "single_label_classification" -> ProblemType.SINGLE_LABEL;
                    case "multi_label_classification" -> ProblemType.MULTI_LABEL;
                    case "regression" -> ProblemType.REGRESSION;
                    default ->
                        throw damaged(
                                "config.json",
                                "problem_type " + name + " is none of single_label_classification, "
                                        + "multi_label_classification and regression");
                });
    }

    private int maximumLength(JsonNode config) {
        int stated = Math.min(
                positive(json("tokenizer_config.json").path("model_max_length")),
                positive(json("sentence_bert_config.json").path("max_seq_length")));
        int positions = positive(config.path("max_position_embeddings"));
        if (positions == Integer.MAX_VALUE || positions <= KEPT_FREE) {
            return Math.min(stated, positions);
        }
        boolean numberedFromPadding = config.path("model_type").asText("").contains("roberta")
                || config.path("model_type").asText("").equals("camembert");
        boolean keepFree = stated == Integer.MAX_VALUE || numberedFromPadding;
        return Math.min(stated, keepFree ? positions - KEPT_FREE : positions);
    }

    /** A positive bound; what is absent or beyond an {@code int} bounds nothing. */
    private static int positive(JsonNode number) {
        return number.isInt() && number.intValue() > 0 ? number.intValue() : Integer.MAX_VALUE;
    }

    private Pooling pooling() {
        JsonNode modules = json("modules.json");
        if (!modules.isArray()) {
            return Pooling.DEFAULT;
        }
        Pooling.Mode mode = Pooling.Mode.MEAN;
        boolean normalized = false;
        for (JsonNode module : modules) {
            String type = module.path("type").asText("");
            if (type.endsWith(".Pooling")) {
                mode = mode(module.path("path").asText("1_Pooling"));
            }
            normalized |= type.endsWith(".Normalize");
        }
        return new Pooling(mode, normalized);
    }

    private Pooling.Mode mode(String folder) {
        String file = folder + "/config.json";
        JsonNode config = json(file);
        var modes = new ArrayList<Pooling.Mode>();
        config.properties().forEach(entry -> {
            if (entry.getKey().startsWith("pooling_mode_") && entry.getValue().asBoolean()) {
                modes.add(
                        switch (entry.getKey()) {
                            case "pooling_mode_mean_tokens" -> Pooling.Mode.MEAN;
                            case "pooling_mode_cls_token" -> Pooling.Mode.CLS;
                            case "pooling_mode_max_tokens" -> Pooling.Mode.MAX;
                            default ->
                                throw new HoneException(
                                        Category.UNSUPPORTED,
                                        directory.resolve(file) + ": " + entry.getKey()
                                                + " is not known; known are mean_tokens, cls_token and max_tokens");
                        });
            }
        });
        if (modes.size() > 1) {
            throw new HoneException(
                    Category.UNSUPPORTED, directory.resolve(file) + ": only one pooling mode is known, not " + modes);
        }
        return modes.isEmpty() ? Pooling.Mode.MEAN : modes.getFirst();
    }

    private JsonNode json(String name) {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize())) {
            throw damaged("modules.json", "the path " + name + " leads out of the model directory");
        }
        if (!Files.isRegularFile(file)) {
            return MissingNode.getInstance();
        }
        try {
            if (Files.size(file) > LARGEST_FILE_BYTES) {
                throw damaged(name, Files.size(file) + " bytes is too large for a configuration");
            }
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw damaged(name, "cannot be read as JSON: " + e.getMessage());
        }
    }

    private HoneException damaged(String file, String what) {
        return new HoneException(Category.CHECKPOINT, directory.resolve(file) + ": " + what);
    }
}
