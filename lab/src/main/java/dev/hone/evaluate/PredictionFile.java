package dev.hone.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.FileFailure;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.Prediction.Found;
import dev.hone.evaluate.Prediction.Grade;
import dev.hone.evaluate.Prediction.Logits;
import dev.hone.evaluate.Prediction.Tags;
import dev.hone.evaluate.data.Example;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every answer as a JSON object a line. Written beside its place and renamed when it is complete; what is left of an
 * interrupted run goes when the JVM ends. Devices and pipes are written where they are: a file must not take their
 * place.
 */
public final class PredictionFile implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;
    private final Path beside;
    private final BufferedWriter writer;

    /** @throws HoneException of category {@code OUTPUT} when it cannot be written there */
    public PredictionFile(Path file) {
        this.file = file;
        boolean device = Files.exists(file) && !Files.isRegularFile(file);
        this.beside = device ? file : file.resolveSibling(file.getFileName() + ".part");
        try {
            this.writer = Files.newBufferedWriter(beside);
            if (!device) {
                beside.toFile().deleteOnExit();
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /** Adds an answer. */
    public void add(Entrant entrant, Example example, Prediction prediction) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", example.id());
        line.put("engine", entrant.engine());
        line.put("precision", entrant.precision());
        switch (prediction) {
            case Logits logits -> line.put("logits", logits.values());
            case Grade grade -> line.put("score", grade.value());
            case Tags tags -> line.put("tags", tags.tags());
            case Found found -> {
                line.put("answer", found.answer());
                line.put("best", found.best());
                line.put("null_minus_best", Double.isFinite(found.nullMargin()) ? found.nullMargin() : null);
            }
        }
        try {
            writer.write(MAPPER.writeValueAsString(line));
            writer.newLine();
        } catch (JsonProcessingException unexpected) {
            throw new IllegalStateException("an answer cannot be written as JSON", unexpected);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /** Puts the file in its place: all answers are there. */
    public void complete() {
        try {
            writer.close();
            if (!beside.equals(file)) {
                Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /** Ends the writing; what was not completed is taken away. */
    @Override
    public void close() {
        try {
            writer.close();
            if (!beside.equals(file)) {
                Files.deleteIfExists(beside);
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    private HoneException unwritable(IOException failure) {
        return new HoneException(
                Category.OUTPUT,
                file + ": cannot be written: " + FileFailure.whileWriting(failure) + "; give another place",
                failure);
    }
}
