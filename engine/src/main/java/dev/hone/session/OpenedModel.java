package dev.hone.session;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.architecture.Architectures;
import dev.hone.architecture.LoadedArchitecture;
import dev.hone.architecture.SentenceEmbedding;
import dev.hone.checkpoint.Checkpoint;
import dev.hone.checkpoint.OnnxFacts;
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
        Optional<Path> file = onnxFile(model);
        if (file.isPresent()) {
            return onnx(file.get());
        }
        if (holdsWeights(model)) {
            return checkpoint(model);
        }
        throw new HoneException(
                Category.CHECKPOINT,
                model + ": none of " + WEIGHTS + " and " + ONNX_PLACES
                        + " is here; give a model directory or an ONNX file");
    }

    /** The ONNX file that {@link #open} reads; empty where it reads a checkpoint or nothing. */
    static Optional<Path> onnxFile(Path model) {
        if (!Files.isDirectory(model)) {
            return Optional.of(model);
        }
        return holdsWeights(model)
                ? Optional.empty()
                : ONNX_PLACES.stream()
                        .map(model::resolve)
                        .filter(Files::isRegularFile)
                        .findFirst();
    }

    private static boolean holdsWeights(Path directory) {
        return WEIGHTS.stream().anyMatch(name -> Files.isRegularFile(directory.resolve(name)));
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

    /** What the ONNX file says beside its graph; empty where there is none. */
    public Optional<OnnxFacts> facts() {
        return files instanceof OnnxModel onnx ? Optional.of(onnx.facts()) : Optional.empty();
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
