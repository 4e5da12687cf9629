package dev.hone.engines;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Configuration;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.checkpoint.OnnxWriter;
import dev.hone.session.OpenedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What a peer needs to know of a model on disk.
 *
 * @param onnx the ONNX file
 * @param maximumLength tokens that one sequence may have; {@link Integer#MAX_VALUE} when nothing says it
 * @param padding the id that fills the ends of short sequences
 */
public record ModelFiles(Path onnx, int maximumLength, int padding) {
    private static final List<String> PLACES = List.of("model.onnx", "onnx/model.onnx");
    private static final String CONFIGURATION = "config.json";

    /** @throws HoneException of category {@code CHECKPOINT} when there is no ONNX file there */
    public static ModelFiles find(Path model) {
        Path onnx = onnxFile(model)
                .orElseThrow(() -> new HoneException(
                        Category.CHECKPOINT,
                        model + ": no ONNX file here; give an .onnx file or a directory that holds model.onnx"));
        Path file = ModelDirectory.of(model).resolve(CONFIGURATION);
        if (!Files.isRegularFile(file)) {
            return new ModelFiles(onnx, Integer.MAX_VALUE, 0);
        }
        Configuration configuration = Configuration.read(file);
        int positions = value(configuration, "max_position_embeddings", Integer.MAX_VALUE);
        int padding = value(configuration, "pad_token_id", 0);
        return new ModelFiles(onnx, usablePositions(configuration, positions, padding), padding);
    }

    private static int value(Configuration configuration, String key, int missing) {
        long value = configuration.integer(key).orElse(Long.valueOf(missing));
        return Math.clamp(value, 0, Integer.MAX_VALUE);
    }

    /** The ONNX file of a model, when it has one. */
    public static Optional<Path> onnxFile(Path model) {
        if (Files.isRegularFile(model)) {
            return model.toString().endsWith(".onnx") ? Optional.of(model) : Optional.empty();
        }
        return PLACES.stream().map(model::resolve).filter(Files::isRegularFile).findFirst();
    }

    /**
     * The ONNX file of a model, or one that is written for it with the same graph.
     *
     * @param folder takes what is written, and in any case a copy of the configuration, which engines read beside files
     *     that are made of the model
     */
    public static Path onnxFile(Path model, Path folder) {
        copyConfiguration(model, folder);
        return onnxFile(model).orElseGet(() -> {
            Path file = folder.resolve(PLACES.getFirst());
            try (OpenedModel opened = OpenedModel.open(model)) {
                OnnxWriter.write(opened.graph(), file);
            }
            return file;
        });
    }

    /**
     * Puts a copy of a model's configuration, if it has one, beside files that are made of the model: engines read the
     * longest length and the padding's id there.
     *
     * @throws HoneException of category {@code OUTPUT} when it cannot be written
     */
    public static void copyConfiguration(Path model, Path folder) {
        Path configuration = ModelDirectory.of(model).resolve(CONFIGURATION);
        try {
            if (Files.isRegularFile(configuration)) {
                Files.copy(configuration, folder.resolve(CONFIGURATION), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    folder + ": the configuration cannot be copied: " + failure.getMessage() + "; make room",
                    failure);
        }
    }

    /** RoBERTa numbers its positions from one past the padding id, so the first rows of its table are never used. */
    private static int usablePositions(Configuration configuration, int positions, int padding) {
        boolean offset = switch (configuration.text("model_type").orElse("")) {
            case "roberta", "xlm-roberta", "camembert" -> true;
            default -> false;
        };
        return offset && positions != Integer.MAX_VALUE ? positions - padding - 1 : positions;
    }
}
