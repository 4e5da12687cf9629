package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.EngineSession;
import dev.hone.engines.Engines;
import dev.hone.evaluate.Footprint;
import dev.hone.measure.InputShape;
import dev.hone.quantize.Scheme;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * By how much a process grows that opens a model and answers with it: measured in a process of its own, since memory
 * that an earlier model has left behind would be used again and seen as none.
 */
public final class MemoryProbe {
    private static final long MOST_SECONDS = 300;
    private static final int LENGTH = 128;
    /** Ids that every vocabulary has; which they are changes no memory. */
    private static final int VOCABULARY = 16;

    private static final long SEED = 11;
    private static final List<String> PROPERTIES = List.of("hone.isa", "hone.cache", "java.io.tmpdir");

    private MemoryProbe() {}

    /** @param model an artefact or an ONNX file, as the engine of the way opens it */
    record Wanted(Way way, Path model, int threads) {}

    /**
     * Starts a process and asks it.
     *
     * @param scratch a folder for its answer
     * @throws HoneException of category {@code MACHINE} when the process does not answer
     */
    static long grownBytes(Wanted wanted, Path scratch) {
        Path answer = scratch.resolve("memory.txt");
        File words = scratch.resolve("memory.log").toFile();
        try {
            Files.deleteIfExists(answer);
            Process process = start(command(wanted, answer), words);
            process.getOutputStream().close();
            try {
                if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || !Files.exists(answer)) {
                    throw new HoneException(
                            Category.MACHINE,
                            wanted.way() + ": its memory cannot be measured: "
                                    + Files.readString(words.toPath()).strip() + "; choose another --objective");
                }
            } finally {
                process.destroyForcibly();
            }
            return Long.parseLong(Files.readString(answer).strip());
        } catch (IOException failure) {
            throw new HoneException(
                    Category.MACHINE, "no process can be started to measure memory: " + failure.getMessage(), failure);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new HoneException(Category.MACHINE, "interrupted while memory was measured", ended);
        }
    }

    private static Process start(List<String> command, File words) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(words);
        // As an argument it could be longer than ONNX Runtime stands, which reads its process's command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    private static List<String> command(Wanted wanted, Path answer) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        for (String name : PROPERTIES) {
            String value = System.getProperty(name);
            if (value != null) {
                command.add("-D" + name + "=" + value);
            }
        }
        command.add(MemoryProbe.class.getName());
        command.add(wanted.way().engine());
        command.add(wanted.way().scheme().toString());
        command.add(wanted.model().toAbsolutePath().toString());
        command.add(Integer.toString(wanted.threads()));
        command.add(answer.toAbsolutePath().toString());
        return command;
    }

    /**
     * Entry point of the process that is measured.
     *
     * @param arguments engine, scheme, model, threads and the file that takes the answer
     */
    public static void main(String[] arguments) throws IOException {
        EngineOptions options = new EngineOptions(Integer.parseInt(arguments[3]), Scheme.parse(arguments[1]));
        long before = resident();
        try (EngineSession session = Engines.named(arguments[0]).open(Path.of(arguments[2]), options)) {
            InputShape shape = new InputShape(1, Math.min(LENGTH, session.maximumLength()));
            session.run(shape.tokens(VOCABULARY, SEED));
            long grown = Math.max(1, resident() - before);
            Files.writeString(Path.of(arguments[4]), Long.toString(grown));
        }
    }

    private static long resident() {
        return Footprint.residentMemory()
                .orElseThrow(
                        () -> new HoneException(Category.MACHINE, "this system does not tell the memory of a process"));
    }
}
