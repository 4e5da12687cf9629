package dev.hone.session;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.architecture.Architectures;
import dev.hone.architecture.LoadedArchitecture;
import dev.hone.architecture.SentenceEmbedding;
import dev.hone.checkpoint.Checkpoint;
import dev.hone.checkpoint.OnnxModel;
import dev.hone.graph.Graph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model's graph as its files give it, and the files it maps.
 *
 * @param graph small operators from an ONNX file, fused ones from a checkpoint
 * @param notes what reading changed or left unused, in sentences
 * @param files unmapped when the model is closed
 */
public record OpenedModel(Graph graph, List<String> notes, AutoCloseable files) implements AutoCloseable {
    private static final List<String> ONNX_PLACES = List.of("model.onnx", "onnx/model.onnx");
    private static final List<String> WEIGHTS = List.of("model.safetensors", "model.safetensors.index.json");

    /**
     * Opens a model.
     *
     * @param model a directory in the layout of Hugging Face or an ONNX file
     * @throws HoneException of category CHECKPOINT when there is no model or it is damaged, of category UNSUPPORTED
     * when
     *     it is of a kind that is not known
     */
    public static OpenedModel open(Path model) {
        if (!Files.exists(model)) {
            throw new HoneException(
                    Category.CHECKPOINT, model + ": no such file or directory; give a model directory or an ONNX file");
        }
        if (!Files.isDirectory(model)) {
            return onnx(model);
        }
        if (WEIGHTS.stream().anyMatch(name -> Files.isRegularFile(model.resolve(name)))) {
            return checkpoint(model);
        }
        for (String place : ONNX_PLACES) {
            if (Files.isRegularFile(model.resolve(place))) {
                return onnx(model.resolve(place));
            }
        }
        throw new HoneException(
                Category.CHECKPOINT,
                model + ": none of " + WEIGHTS + " and " + ONNX_PLACES
                        + " is here; give a model directory or an ONNX file");
    }

    private static OpenedModel checkpoint(Path directory) {
        Checkpoint checkpoint = Checkpoint.open(directory);
        try {
            LoadedArchitecture loaded = Architectures.load(checkpoint);
            List<String> notes = loaded.unusedWeights().isEmpty()
                    ? List.of()
                    : List.of("weights that the architecture has no place for: " + loaded.unusedWeights());
            return new OpenedModel(SentenceEmbedding.addTo(loaded.graph(), directory), notes, checkpoint);
        } catch (RuntimeException | Error failure) {
            checkpoint.close();
            throw failure;
        }
    }

    private static OpenedModel onnx(Path file) {
        OnnxModel model = OnnxModel.open(file);
        try {
            Path directory =
                    Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
            return new OpenedModel(SentenceEmbedding.addTo(model.graph(), directory), model.notes(), model);
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (Exception failure) {
            throw new IllegalStateException("unmapping files does not fail: " + failure, failure);
        }
    }
}
