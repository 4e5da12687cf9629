package dev.hone.checkpoint;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The second file of an ONNX model, which holds the constants that the first one only names. */
public final class ExternalData {
    private static final String ENDING = ".data";
    private static final String OTHER_ENDING = "_data";

    private ExternalData() {}

    /** Where it is written. */
    public static Path of(Path onnx) {
        return onnx.resolveSibling(onnx.getFileName() + ENDING);
    }

    /** The names that exporters give it, ours first. */
    public static List<String> usualNames(String onnx) {
        return List.of(onnx + ENDING, onnx + OTHER_ENDING);
    }

    /**
     * Bytes of an ONNX file and of its external data, where those lie under a usual name.
     *
     * @throws HoneException of category {@code CHECKPOINT} when they cannot be looked at
     */
    public static long bytesWith(Path onnx) {
        return Stream.concat(
                        Stream.of(onnx),
                        usualNames(String.valueOf(onnx.getFileName())).stream().map(onnx::resolveSibling))
                .mapToLong(ExternalData::bytes)
                .sum();
    }

    private static long bytes(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException failure) {
            throw new HoneException(
                    Category.CHECKPOINT, file + ": its size cannot be read: " + failure.getMessage(), failure);
        }
    }
}
