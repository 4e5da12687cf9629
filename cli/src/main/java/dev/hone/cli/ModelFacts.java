package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Configuration;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.checkpoint.OnnxModel;
import dev.hone.engines.ModelFiles;
import dev.hone.machine.Machine;
import dev.hone.measure.InputShape;
import dev.hone.measure.ModelWork;
import dev.hone.measure.PeakRate;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import dev.hone.session.ArtefactFacts;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/** What measuring needs to know of a model and of the machine's peak. */
record ModelFacts(int vocabulary, ToDoubleFunction<InputShape> work, OptionalDouble peak) {
    /** The scheme that a model is run in when none is asked for, as text: that of an artefact, otherwise f32. */
    static String precision(Path model) {
        return ArtefactFacts.schemeAt(model).orElse(Scheme.of(Precision.F32)).toString();
    }

    /**
     * Reads what the model's files say.
     *
     * @param threads when the machine's peak is to be measured with that many threads, otherwise empty
     */
    static ModelFacts of(Path model, OptionalInt threads) {
        OptionalDouble peak =
                threads.isPresent() ? OptionalDouble.of(PeakRate.measure(threads.getAsInt())) : OptionalDouble.empty();
        Optional<ArtefactFacts> artefact =
                ArtefactFacts.at(model, Machine.detect().chosenIsa());
        if (artefact.isPresent()) {
            ModelWork work = new ModelWork(artefact.get().graph());
            return new ModelFacts(work.vocabulary(), work::operations, peak);
        }
        Optional<Path> onnx = ModelFiles.onnxFile(model);
        if (onnx.isPresent()) {
            try (OnnxModel file = OnnxModel.open(onnx.get())) {
                ModelWork work = new ModelWork(file.graph());
                return new ModelFacts(work.vocabulary(), work::operations, peak);
            }
        }
        Configuration configuration =
                Configuration.read(ModelDirectory.of(model).resolve("config.json"));
        long vocabulary = configuration.integer("vocab_size").orElseThrow(() -> configuration.missing("vocab_size"));
        if (vocabulary < 1 || vocabulary > Integer.MAX_VALUE) {
            throw new HoneException(Category.CHECKPOINT, model + ": vocab_size " + vocabulary + " cannot be");
        }
        return new ModelFacts((int) vocabulary, shape -> 0, OptionalDouble.empty());
    }
}
