package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Collects the functions of one LLVM module and the intrinsics that they call. */
final class ModuleEmitter {
    private final Isa isa;
    private final List<String> functions = new ArrayList<>();
    private final TreeSet<String> declarations = new TreeSet<>();

    ModuleEmitter(Isa isa) {
        this.isa = isa;
    }

    Isa isa() {
        return isa;
    }

    void declare(String declaration) {
        declarations.add(declaration);
    }

    void add(String function) {
        functions.add(function);
    }

    /** The module's text. */
    String text() {
        StringBuilder text = new StringBuilder();
        declarations.forEach(declaration -> text.append(declaration).append('\n'));
        functions.forEach(function -> text.append('\n').append(function));
        // Processors whose tuning prefers narrower vectors must still use the whole register; no-builtins keeps loops
        // from turning into calls of the C library, which the loader does not link.
        int bits = isa.lanes() * 32;
        return text.append(
                        "\nattributes #0 = { nounwind \"no-builtins\" \"prefer-vector-width\"=\"%d\" \"min-legal-vector-width\"=\"%d\" }\n"
                                .formatted(bits, bits))
                .toString();
    }
}
