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

    /** Adds a function; each of its parameters is read from a word of 64 bits, as {@link Kernel} says. */
    void add(String name, List<Value> parameters, String body) {
        StringBuilder function = new StringBuilder("define void @" + name + "(ptr %arguments) #0 {\nentry:\n");
        for (int index = 0; index < parameters.size(); index++) {
            Value parameter = parameters.get(index);
            String word = parameter.name() + ".word";
            function.append("  %s = getelementptr i64, ptr %%arguments, i64 %d\n".formatted(word, index));
            function.append("  %s = load %s, ptr %s, align 8\n".formatted(parameter.name(), parameter.type(), word));
        }
        functions.add(function.append(body).append("}\n").toString());
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
