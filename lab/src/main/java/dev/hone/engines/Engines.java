package dev.hone.engines;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.List;
import java.util.Locale;

/** The engines that can be named. */
public final class Engines {
    private static final List<Engine> KNOWN = List.of(new HoneEngine(), new OnnxRuntimeEngine());

    private Engines() {}

    public static List<Engine> known() {
        return KNOWN;
    }

    /** @throws HoneException of category {@code USAGE} for an unknown name, with the known ones */
    public static Engine named(String name) {
        for (Engine engine : KNOWN) {
            if (engine.name().equals(name.toLowerCase(Locale.ROOT))) {
                return engine;
            }
        }
        List<String> names = KNOWN.stream().map(Engine::name).toList();
        throw new HoneException(
                Category.USAGE, "unknown engine '" + name + "': use one of " + String.join(", ", names));
    }
}
