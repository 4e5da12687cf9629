package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a {@link TaskConfiguration} from the small JSON files of a model directory. */
final class ConfigurationFiles {
    private static final long LARGEST_FILE_BYTES = 16L << 20;
    private static final int KEPT_FREE = 2;

    private final Path directory;

    ConfigurationFiles(Path model) {
        this.directory = ModelDirectory.of(model);
    }

    TaskConfiguration read() {
        JsonValue config = json("config.json");
        return new TaskConfiguration(
                architecture(config.path("architectures").elements()),
                labels(config.path("id2label")),
                problemType(config.path("problem_type")),
                maximumLength(config),
                pooling());
    }

    private static String architecture(List<JsonValue> names) {
        return names.isEmpty() ? "" : names.getFirst().text("");
    }

    private List<String> labels(JsonValue byId) {
        var labels = new ArrayList<String>();
        for (int id = 0; id < byId.size(); id++) {
            String label = byId.path(Integer.toString(id)).text();
            if (label == null) {
                throw damaged("config.json", "id2label has " + byId.size() + " entries but none for label " + id);
            }
            labels.add(label);
        }
        return labels;
    }

    private Optional<ProblemType> problemType(JsonValue name) {
        if (name.isNothing()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (name.text("")) {
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

    private int maximumLength(JsonValue config) {
        int stated = Math.min(
                json("tokenizer_config.json").path("model_max_length").positive(Integer.MAX_VALUE),
                json("sentence_bert_config.json").path("max_seq_length").positive(Integer.MAX_VALUE));
        int positions = config.path("max_position_embeddings").positive(Integer.MAX_VALUE);
        if (positions == Integer.MAX_VALUE || positions <= KEPT_FREE) {
            return Math.min(stated, positions);
        }
        boolean numberedFromPadding = config.path("model_type").text("").contains("roberta")
                || config.path("model_type").text("").equals("camembert");
        boolean keepFree = stated == Integer.MAX_VALUE || numberedFromPadding;
        return Math.min(stated, keepFree ? positions - KEPT_FREE : positions);
    }

    private Pooling pooling() {
        JsonValue modules = json("modules.json");
        if (!modules.isList()) {
            return Pooling.DEFAULT;
        }
        Pooling.Mode mode = Pooling.Mode.MEAN;
        boolean normalized = false;
        for (JsonValue module : modules.elements()) {
            String type = module.path("type").text("");
            if (type.endsWith(".Pooling")) {
                mode = mode(module.path("path").text("1_Pooling"));
            }
            normalized |= type.endsWith(".Normalize");
        }
        return new Pooling(mode, normalized);
    }

    private Pooling.Mode mode(String folder) {
        String file = folder + "/config.json";
        JsonValue config = json(file);
        var modes = new ArrayList<Pooling.Mode>();
        for (String name : config.names()) {
            if (name.startsWith("pooling_mode_") && config.path(name).truth(false)) {
                modes.add(
                        switch (name) {
                            case "pooling_mode_mean_tokens" -> Pooling.Mode.MEAN;
                            case "pooling_mode_cls_token" -> Pooling.Mode.CLS;
                            case "pooling_mode_max_tokens" -> Pooling.Mode.MAX;
                            default ->
                                throw new HoneException(
                                        Category.UNSUPPORTED,
                                        directory.resolve(file) + ": " + name
                                                + " is not known; known are mean_tokens, cls_token and max_tokens");
                        });
            }
        }
        if (modes.size() > 1) {
            throw new HoneException(
                    Category.UNSUPPORTED, directory.resolve(file) + ": only one pooling mode is known, not " + modes);
        }
        return modes.isEmpty() ? Pooling.Mode.MEAN : modes.getFirst();
    }

    private JsonValue json(String name) {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize())) {
            throw damaged("modules.json", "the path " + name + " leads out of the model directory");
        }
        if (!Files.isRegularFile(file)) {
            return JsonValue.MISSING;
        }
        try {
            if (Files.size(file) > LARGEST_FILE_BYTES) {
                throw damaged(name, Files.size(file) + " bytes is too large for a configuration");
            }
            return JsonValue.parse(Files.readAllBytes(file));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(name, "cannot be read as JSON: " + e.getMessage());
        }
    }

    private HoneException damaged(String file, String what) {
        return new HoneException(Category.CHECKPOINT, directory.resolve(file) + ": " + what);
    }
}
