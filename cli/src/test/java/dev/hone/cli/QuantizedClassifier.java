package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.checkpoint.OnnxWriter;
import dev.hone.session.OpenedModel;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A tiny classifier as an ONNX file, and {@code hone quantize} on it.
 *
 * @param output where the quantised file is written
 */
record QuantizedClassifier(Path model, Path output) {
    static QuantizedClassifier in(Path folder) throws IOException {
        Path model = folder.resolve("model.onnx");
        try (OpenedModel opened = OpenedModel.open(TinyBert.classifier(32, 64).write(folder))) {
            OnnxWriter.write(opened.graph(), model);
        }
        return new QuantizedClassifier(model, folder.resolve("quantised.onnx"));
    }

    CommandLineRun quantize(String... more) {
        List<String> arguments = new ArrayList<>(List.of("quantize", model.toString(), "--out"));
        arguments.add(output.toString());
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    /** The command line was wrong, which one line says. */
    static void assertRefused(CommandLineRun run, String part) {
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(part).hasLineCount(1);
    }
}
