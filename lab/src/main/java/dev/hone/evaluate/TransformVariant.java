package dev.hone.evaluate;

import dev.hone.checkpoint.OnnxWriter;
import dev.hone.engines.ModelFiles;
import dev.hone.graph.Graph;
import dev.hone.session.ExportedModel;
import dev.hone.transform.ComposeTransformation;
import dev.hone.transform.NamedTransform;
import dev.hone.transform.Pipeline;
import dev.hone.transform.TransformReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model under one transform or several, as a file.
 *
 * @param name the transforms' names; {@code original} where there is none
 * @param fired places that were changed
 * @param nodes of the graph
 * @param keepsNumbers whether its answers should be those of the original
 * @param file empty where nothing was changed, so that it is the original once more
 */
public record TransformVariant(String name, int fired, int nodes, boolean keepsNumbers, Optional<Path> file) {
    public static final String ORIGINAL = "original";
    public static final String COMPOSED = "composed";

    /**
     * Writes a model as it is exported, under each transform alone, and under several together.
     *
     * @param model where the model lies, for its configuration
     * @param singles transforms to apply alone
     * @param composed transforms to apply together; empty for none
     * @param folder gets the files and a copy of the model's configuration
     * @return the original first, the composition last
     */
    public static List<TransformVariant> write(
            Path model,
            ExportedModel exported,
            List<NamedTransform> singles,
            ComposeTransformation composed,
            Path folder) {
        ModelFiles.copyConfiguration(model, folder);
        List<TransformVariant> variants = new ArrayList<>();
        Graph graph = exported.graph();
        Path original = folder.resolve(ORIGINAL + ".onnx");
        OnnxWriter.write(graph, original, new OnnxWriter.Options(exported.facts(), false));
        variants.add(new TransformVariant(ORIGINAL, 0, graph.nodes().size(), true, Optional.of(original)));
        for (NamedTransform single : singles) {
            variants.add(write(single.name(), new ComposeTransformation(List.of(single)), exported, folder));
        }
        if (!composed.transforms().isEmpty()) {
            variants.add(write(COMPOSED, composed, exported, folder));
        }
        return variants;
    }

    private static TransformVariant write(
            String name, ComposeTransformation transforms, ExportedModel exported, Path folder) {
        Pipeline.Result result = transforms.pipeline().run(exported.graph());
        int fired = result.report().entries().stream()
                .mapToInt(TransformReport.Entry::fired)
                .sum();
        int nodes = result.graph().nodes().size();
        if (fired == 0) {
            return new TransformVariant(name, 0, nodes, transforms.keepsNumbers(), Optional.empty());
        }
        Path file = folder.resolve(name + ".onnx");
        OnnxWriter.write(result.graph(), file, new OnnxWriter.Options(exported.facts(), false));
        return new TransformVariant(name, fired, nodes, transforms.keepsNumbers(), Optional.of(file));
    }
}
