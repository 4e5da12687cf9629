package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Configuration;
import dev.hone.measure.InputShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What measuring needs to know of a model and of the machine's peak. */
record ModelFacts(int vocabulary, ToDoubleFunction<InputShape> work, OptionalDouble peak) {
    static ModelFacts of(Path model) {
        Path folder = Files.isDirectory(model) ? model : model.toAbsolutePath().resolveSibling("");
        Configuration configuration = Configuration.read(folder.resolve("config.json"));
        long vocabulary = configuration.integer("vocab_size").orElseThrow(() -> configuration.missing("vocab_size"));
        if (vocabulary < 1 || vocabulary > Integer.MAX_VALUE) {
            throw new HoneException(Category.CHECKPOINT, model + ": vocab_size " + vocabulary + " cannot be");
        }
        return new ModelFacts((int) vocabulary, shape -> 0, OptionalDouble.empty());
    }
}
