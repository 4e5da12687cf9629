package dev.hone.engines;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The files that ONNX Runtime itself makes of a model when it loads it. */
public final class OnnxRuntimeOptimizer {
    private OnnxRuntimeOptimizer() {}

    /**
     * Saves what ONNX Runtime makes of a model for this processor.
     *
     * @param level 0 nothing, 1 basic, 2 extended, 99 all
     * @throws HoneException of category CHECKPOINT when it cannot load the model, of category OUTPUT when the file
     *     cannot be written
     */
    public static void save(Path model, Path target, int level) {
        Path unfinished = target.resolveSibling("." + target.getFileName() + ".unfinished");
        try (SessionOptions settings = new SessionOptions()) {
            settings.setOptimizationLevel(level(level));
            settings.setOptimizedModelFilePath(unfinished.toString());
            settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            OnnxRuntimeEnvironment.get()
                    .createSession(model.toString(), settings)
                    .close();
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (OrtException refused) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    model + ": ONNX Runtime cannot optimise this file into " + target + ": " + refused.getMessage(),
                    refused);
        } catch (IOException failure) {
            throw new HoneException(Category.OUTPUT, target + ": cannot be written: " + failure.getMessage(), failure);
        }
    }

    private static SessionOptions.OptLevel level(int level) {
        return switch (level) {
            case 0 -> SessionOptions.OptLevel.NO_OPT;
            case 1 -> SessionOptions.OptLevel.BASIC_OPT;
            case 2 -> SessionOptions.OptLevel.EXTENDED_OPT;
            default -> SessionOptions.OptLevel.ALL_OPT;
        };
    }
}
