package dev.hone.machine;

import dev.hone.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One computer as a measurement needs to name it.
 *
 * @param model the processor's own name
 * @param architecture {@code x86_64} or {@code aarch64}, or what the JVM calls it
 * @param operatingSystem name and version
 * @param cores logical processors that this process may use, container limits included
 * @param caches one entry a cache of the first core
 * @param isa the widest instruction set that it runs, before any cap
 * @param features vector features that the processor reports, sorted
 */
public record Machine(
        String model,
        String architecture,
        String operatingSystem,
        int cores,
        List<Cache> caches,
        Isa isa,
        Set<String> features) {
    /** The system property that caps the instruction set. */
    public static final String ISA_PROPERTY = "hone.isa";

    private static final Path CPU_INFORMATION = Path.of("/proc/cpuinfo");
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

    /**
     * One cache.
     *
     * @param level 1 for the nearest
     * @param kind {@code Data}, {@code Instruction} or {@code Unified}
     * @param bytes its size
     */
    public record Cache(int level, String kind, long bytes) {}

    /** What does not change while a process runs is read once: that takes milliseconds of a start. */
    private static final class Found {
        static final Machine MACHINE = read();
    }

    /** What the running computer says about itself; what it does not say is left empty. */
    public static Machine detect() {
        return Found.MACHINE;
    }

    private static Machine read() {
        return of(architectureName(), lines(CPU_INFORMATION), detectCaches());
    }

    /** @param information lines of {@code /proc/cpuinfo}, none where there is no such file */
    static Machine of(String architecture, List<String> information, List<Cache> caches) {
        boolean arm = architecture.equals("aarch64");
        Set<String> features = new TreeSet<>();
        for (String field : field(information, arm ? "Features" : "flags").split(" ", -1)) {
            if (isVectorFeature(field)) {
                features.add(field);
            }
        }
        if (arm) {
            features.add("asimd"); // No 64-bit Arm that an operating system runs on is without it.
        }
        return new Machine(
                model(architecture, information),
                architecture,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors(),
                caches,
                widest(architecture, features),
                Collections.unmodifiableSet(features));
    }

    /** Arm processors have numbers in place of a name. */
    private static String model(String architecture, List<String> information) {
        String model = field(information, "model name");
        String part = field(information, "CPU part");
        if (model.isEmpty() && !part.isEmpty()) {
            return architecture + " implementer " + field(information, "CPU implementer") + " part " + part;
        }
        return model.isEmpty() ? architecture : model;
    }

    /** The instruction set to compile for: the widest, or the cap of {@value #ISA_PROPERTY} where it is set. */
    public Isa chosenIsa() {
        String cap = System.getProperty(ISA_PROPERTY, "");
        return cap.isEmpty() ? isa : capped(Isa.parse(cap));
    }

    /**
     * The instruction set of a cap.
     *
     * @throws HoneException of category {@code MACHINE} when this computer does not have it
     */
    public Isa capped(Isa cap) {
        if (!isa.includes(cap)) {
            throw new HoneException(
                    HoneException.Category.MACHINE,
                    "instruction set " + cap.label() + " was asked for, but " + model + " has only " + isa.label()
                            + "; ask for that or leave the cap (-D" + ISA_PROPERTY + ") away");
        }
        return cap;
    }

    /** Bytes of the data or unified cache of a level, or 0 when it is not known. */
    public long cacheBytes(int level) {
        return caches.stream()
                .filter(cache -> cache.level() == level && !cache.kind().equals("Instruction"))
                .mapToLong(Cache::bytes)
                .findFirst()
                .orElse(0);
    }

    private static String architectureName() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86-64" -> "x86_64";
            case "arm64" -> "aarch64";
            default -> name;
        };
    }

    private static Isa widest(String architecture, Set<String> features) {
        Isa best = Isa.GENERIC;
        for (Isa isa : Isa.values()) {
            if (isa.existsOn(architecture) && isa.runsWith(features)) {
                best = isa;
            }
        }
        return best;
    }

    private static boolean isVectorFeature(String field) {
        return Stream.of("sse", "avx", "fma", "f16c", "amx", "bmi", "movbe", "asimd", "sve", "bf16", "i8mm")
                .anyMatch(field::startsWith);
    }

    private static String field(List<String> lines, String name) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }

    private static List<Cache> detectCaches() {
        List<Cache> caches = new ArrayList<>();
        for (int index = 0; Files.isDirectory(CACHES.resolve("index" + index)); index++) {
            Path folder = CACHES.resolve("index" + index);
            String size = text(folder.resolve("size"));
            String level = text(folder.resolve("level"));
            if (size.matches("\\d+[KM]") && level.matches("\\d+")) {
                long unit = size.endsWith("M") ? 1 << 20 : 1 << 10;
                long bytes = Long.parseLong(size.substring(0, size.length() - 1)) * unit;
                caches.add(new Cache(Integer.parseInt(level), text(folder.resolve("type")), bytes));
            }
        }
        return List.copyOf(caches);
    }

    private static String text(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? "" : lines.getFirst().strip();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException unreadable) {
            // A kernel that hides this file leaves the field empty; nothing depends on it but the instruction set,
            // which then stays at the plainest.
            return List.of();
        }
    }
}
