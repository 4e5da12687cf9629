package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.hub.Hub;
import dev.hone.hub.HubName;
import dev.hone.task.EmbeddedModel;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The optional model in front of the texts.
 *
 * @param path the model
 * @param texts what followed it
 */
record ModelArgument(Path path, List<String> texts) {
    /**
     * Takes the first word for the model when it names something on disk or looks like a path or a name on the hub, so
     * that a mistyped path is not taken for a text; otherwise the bundled model is used, and that is said.
     */
    static ModelArgument of(List<String> words, PrintWriter err) {
        if (!words.isEmpty() && isPath(words.getFirst())) {
            Path path = existing(Path.of(words.getFirst()), hub(err));
            return new ModelArgument(path, words.subList(1, words.size()));
        }
        return new ModelArgument(bundled(err), words);
    }

    /** The model that a command without texts was given, or the bundled one, which is said. */
    static Path ofModel(List<String> words, PrintWriter err) {
        return words.isEmpty() ? bundled(err) : existing(Path.of(words.getFirst()), hub(err));
    }

    private static Path bundled(PrintWriter err) {
        err.println("model: all-MiniLM-L6-v2 (bundled), because no model was named");
        return EmbeddedModel.directory();
    }

    private static Hub hub(PrintWriter err) {
        return Hub.ofEnvironment(new HubProgress(err));
    }

    /**
     * The path, or the folder of the model on the hub that it names when nothing local does.
     *
     * @throws HoneException of category {@code CHECKPOINT} when there is neither
     */
    static Path existing(Path path) {
        return existing(path, hub(new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    static Path existing(Path path, Hub hub) {
        if (Files.exists(path)) {
            return path;
        }
        Optional<HubName> name = HubName.model(path.toString());
        if (name.isPresent() && Hub.isFree(path.toString())) {
            return hub.model(name.get());
        }
        throw new HoneException(
                Category.CHECKPOINT,
                path + ": no such file or directory; give a model directory, an ONNX file or OWNER/NAME of the hub");
    }

    private static boolean isPath(String word) {
        try {
            boolean oneWord = word.chars().noneMatch(Character::isWhitespace);
            boolean likePath = word.startsWith(HubName.SCHEME)
                    || word.contains("/")
                    || word.contains("\\")
                    || word.endsWith(".onnx");
            return Files.exists(Path.of(word)) || (oneWord && likePath);
        } catch (InvalidPathException noPath) {
            return false;
        }
    }
}
