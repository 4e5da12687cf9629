package dev.hone.session;

import dev.hone.HoneException;
import dev.hone.checkpoint.OnnxFacts;
import dev.hone.checkpoint.OnnxModel;
import dev.hone.graph.Graph;
import dev.hone.transform.PassAccount;
import dev.hone.transform.TakeApart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model's graph as an exporter writes it, in small operators, and the files it maps: that of an ONNX file as it is,
 * or a checkpoint's architecture taken apart.
 *
 * @param file the ONNX file; empty where the graph comes from a checkpoint
 * @param notes what reading changed or left unused, in sentences
 * @param files unmapped when the model is closed
 */
public record ExportedModel(Graph graph, Optional<Path> file, List<String> notes, AutoCloseable files)
        implements AutoCloseable {
    /**
     * Opens a model.
     *
     * @param model a directory in the layout of Hugging Face or an ONNX file
     * @throws HoneException as {@link OpenedModel#open} does
     */
    public static ExportedModel open(Path model) {
        Optional<Path> file = OpenedModel.onnxFile(model).filter(Files::exists);
        if (file.isPresent()) {
            OnnxModel onnx = OnnxModel.open(file.get());
            return new ExportedModel(onnx.graph(), file, onnx.notes(), onnx);
        }
        OpenedModel opened = OpenedModel.open(model);
        try {
            Graph apart = new TakeApart().apply(opened.graph(), new PassAccount());
            return new ExportedModel(apart, Optional.empty(), opened.notes(), opened);
        } catch (RuntimeException | Error failure) {
            opened.close();
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
