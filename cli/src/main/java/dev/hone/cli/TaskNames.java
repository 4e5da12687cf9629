package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import dev.hone.task.TaskKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What tasks are called on the command line: the names that model cards use. */
final class TaskNames {
    private static final Map<String, TaskKind> NAMES = names();

    private TaskNames() {}

    private static Map<String, TaskKind> names() {
        Map<String, TaskKind> names = new LinkedHashMap<>();
        names.put("embedding", TaskKind.EMBEDDING);
        names.put("text-classification", TaskKind.CLASSIFICATION);
        names.put("token-classification", TaskKind.TOKENS);
        names.put("question-answering", TaskKind.QUESTION);
        names.put("fill-mask", TaskKind.MASK);
        return names;
    }

    /** @throws HoneException of category {@code USAGE} for an unknown name, with the nearest or all known ones */
    static TaskKind parse(String name) {
        TaskKind kind = NAMES.get(name.toLowerCase(Locale.ROOT));
        if (kind != null) {
            return kind;
        }
        List<String> known = new ArrayList<>(NAMES.keySet());
        String help = NearestName.of(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("use one of " + String.join(", ", known));
        throw new HoneException(Category.USAGE, "unknown task '" + name + "': " + help);
    }
}
