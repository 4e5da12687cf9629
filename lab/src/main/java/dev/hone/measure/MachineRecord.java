package dev.hone.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The machine that numbers were taken on; a number without it cannot be compared with another.
 *
 * @param cores processors that this process may use
 * @param features vector and matrix instructions of the processor that matter to products
 * @param engines versions by engine name
 */
public record MachineRecord(
        String processor,
        int cores,
        List<String> features,
        String architecture,
        String operatingSystem,
        String javaRuntime,
        Map<String, String> engines,
        String time) {
    private static final Path PROCESSOR_FILE = Path.of("/proc/cpuinfo");
    private static final Set<String> TOLD = Set.of(
            "sse4_2",
            "avx",
            "avx2",
            "fma",
            "f16c",
            "avx_vnni",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx512_bf16",
            "avx512_fp16",
            "amx_tile",
            "amx_int8",
            "amx_bf16",
            "asimd",
            "asimddp",
            "i8mm",
            "bf16",
            "sve");

    public MachineRecord {
        features = List.copyOf(features);
        engines = Map.copyOf(engines);
    }

    /** Records this machine, now. */
    public static MachineRecord here(Map<String, String> engines) {
        List<String> lines = processorLines();
        return new MachineRecord(
                value(lines, "model name"),
                Runtime.getRuntime().availableProcessors(),
                Stream.of(value(lines, "flags"), value(lines, "Features"))
                        .flatMap(flags -> Arrays.stream(flags.split(" ", -1)))
                        .filter(TOLD::contains)
                        .sorted()
                        .toList(),
                property("os.arch"),
                property("os.name") + " " + property("os.version"),
                property("java.vm.name") + " " + property("java.runtime.version"),
                engines,
                Instant.now().toString());
    }

    private static List<String> processorLines() {
        try {
            return Files.isReadable(PROCESSOR_FILE)
                    ? Files.readAllLines(PROCESSOR_FILE, StandardCharsets.ISO_8859_1)
                    : List.of();
        } catch (IOException unreadable) {
            return List.of("model name : unknown (" + unreadable.getMessage() + ")");
        }
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
