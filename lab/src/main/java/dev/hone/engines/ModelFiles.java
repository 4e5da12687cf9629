package dev.hone.engines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a peer needs to know of a model on disk.
 *
 * @param onnx the ONNX file
 * @param maximumLength tokens that one sequence may have; {@link Integer#MAX_VALUE} when nothing says it
 * @param padding the id that fills the ends of short sequences
 */
record ModelFiles(Path onnx, int maximumLength, int padding) {
    private static final List<String> PLACES = List.of("model.onnx", "onnx/model.onnx");
    private static final String CONFIGURATION = "config.json";
    private static final long MOST_CONFIGURATION_BYTES = 16L << 20;

    /** @throws HoneException of category {@code CHECKPOINT} when there is no ONNX file there */
    static ModelFiles find(Path model) {
        Path onnx = onnxFile(model)
                .orElseThrow(() -> new HoneException(
                        Category.CHECKPOINT,
                        model + ": no ONNX file here; give an .onnx file or a directory that holds model.onnx"));
        Path beside = Files.isDirectory(model) ? model : onnx.toAbsolutePath().getParent();
        if (beside == null || !Files.isRegularFile(beside.resolve(CONFIGURATION))) {
            return new ModelFiles(onnx, Integer.MAX_VALUE, 0);
        }
        JsonNode configuration = read(beside.resolve(CONFIGURATION));
        int positions = configuration.path("max_position_embeddings").asInt(Integer.MAX_VALUE);
        int padding = Math.max(0, configuration.path("pad_token_id").asInt(0));
        return new ModelFiles(onnx, usablePositions(configuration, positions, padding), padding);
    }

    /** The ONNX file of a model, when it has one. */
    static Optional<Path> onnxFile(Path model) {
        if (Files.isRegularFile(model)) {
            return model.toString().endsWith(".onnx") ? Optional.of(model) : Optional.empty();
        }
        return PLACES.stream().map(model::resolve).filter(Files::isRegularFile).findFirst();
    }

    /** RoBERTa numbers its positions from one past the padding id, so the first rows of its table are never used. */
    private static int usablePositions(JsonNode configuration, int positions, int padding) {
        boolean offset = switch (configuration.path("model_type").asText()) {
            case "roberta", "xlm-roberta", "camembert" -> true;
            default -> false;
        };
        return offset && positions != Integer.MAX_VALUE ? positions - padding - 1 : positions;
    }

    private static JsonNode read(Path file) {
        try {
            if (Files.size(file) > MOST_CONFIGURATION_BYTES) {
                throw new HoneException(Category.CHECKPOINT, file + ": too large for a model configuration");
            }
            return new ObjectMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException malformed) {
            throw new HoneException(
                    Category.CHECKPOINT, file + ": not JSON (" + malformed.getOriginalMessage() + ")", malformed);
        } catch (IOException unreadable) {
            throw new HoneException(Category.CHECKPOINT, file + ": cannot be read", unreadable);
        }
    }
}
