package dev.hone.cli;

import dev.hone.sweep.OperatorEffect;
import dev.hone.sweep.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which operator types are worth quantising, and why, for people. */
final class SelectionLines {
    private SelectionLines() {}

    static List<String> of(Selection selection, String metric) {
        List<String> lines = new ArrayList<>();
        lines.add("each operator type by itself, in: " + selection.base());
        lines.add("beside the same model without bytes; changes of " + metric + " in points, with 95 % intervals");
        for (OperatorEffect effect : selection.effects()) {
            lines.add(line(effect.isWorthIt() ? "take" : "leave", effect));
        }
        OperatorEffect together = selection.together();
        if (together != null) {
            lines.add(line("all", together));
        }
        selection.notes().forEach(note -> lines.add("  " + note));
        lines.add(
                selection.chosen().isEmpty()
                        ? "worth quantising: none of them"
                        : "worth quantising: " + selection.chosen() + " (operators: [[" + selection.chosen() + "]])");
        return lines;
    }

    private static String line(String word, OperatorEffect effect) {
        return String.format(
                Locale.ROOT, "  %-5s %-22s %3d nodes  %s", word, effect.operators(), effect.nodes(), effect.reason());
    }
}
