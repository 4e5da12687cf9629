package dev.hone.engines;

import dev.hone.HoneException;
import dev.hone.quantize.Precision;
import java.nio.file.Path;
import java.util.Set;

/** Something that opens a model and answers batches of tokens with it. */
public interface Engine {
    /** The name that selects this engine on the command line. */
    String name();

    /** The version of the library that does the work, for the machine record. */
    String version();

    /** The precisions in which this engine runs models. */
    default Set<Precision> precisions() {
        return Set.of(Precision.F32);
    }

    /**
     * Opens a model.
     *
     * @param model a directory in the layout of Hugging Face, or an ONNX file
     * @throws HoneException of category {@code CHECKPOINT} when the model cannot be read, {@code UNSUPPORTED} when this
     *     engine or precision cannot run it, {@code USAGE} when the options cannot be used
     */
    EngineSession open(Path model, EngineOptions options);
}
