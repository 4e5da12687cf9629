package dev.hone.evaluate;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.ExternalData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Bytes of memory and of files. */
public final class Footprint {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";
    private static final String RESIDENT = "VmRSS:";
    private static final long KILOBYTE = 1024;
    private static final String ONNX = ".onnx";
    private static final List<String> WEIGHTS = List.of(".safetensors", ONNX, ".bin");

    private Footprint() {}

    /** The most memory that this process has held at once; empty where the system does not tell. */
    static OptionalLong peakMemory() {
        return memory(PEAK);
    }

    /** The memory that this process holds now; empty where the system does not tell. */
    public static OptionalLong residentMemory() {
        return memory(RESIDENT);
    }

    private static OptionalLong memory(String name) {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(STATUS, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip().split(" ", -1)[0])
                    .mapToLong(kilobytes -> Long.parseLong(kilobytes) * KILOBYTE)
                    .findFirst();
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
    }

    /**
     * Size of a model file, or of the first kind of weights that a directory holds; the external data of ONNX files
     * count.
     */
    public static long modelBytes(Path model) {
        try {
            if (Files.isRegularFile(model)) {
                return bytes(model);
            }
            for (String suffix : WEIGHTS) {
                long bytes = bytes(model, suffix);
                if (bytes > 0) {
                    return bytes;
                }
            }
            return 0;
        } catch (IOException failure) {
            throw new HoneException(
                    Category.CHECKPOINT, model + ": cannot be looked at: " + failure.getMessage(), failure);
        }
    }

    private static long bytes(Path directory, String suffix) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(directory, 2)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += endsWith(file, suffix) ? bytes(file) : 0;
            }
        }
        return bytes;
    }

    private static long bytes(Path file) throws IOException {
        return endsWith(file, ONNX) ? ExternalData.bytesWith(file) : Files.size(file);
    }

    private static boolean endsWith(Path file, String suffix) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix);
    }
}
