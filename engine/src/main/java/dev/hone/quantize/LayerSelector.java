package dev.hone.quantize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import java.util.Collection;
import java.util.Comparator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names layers by their readable names, as {@link dev.hone.graph.LayerNames} gives them.
 *
 * @param text a name; {@code *} stands for any characters, dots too: {@code layer.4.output}, {@code layer.9.*},
 *     {@code *.output}
 */
public record LayerSelector(String text) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.*]+");

    public LayerSelector {
        if (!FORM.matcher(text).matches()) {
            throw new HoneException(
                    Category.USAGE,
                    "'" + text + "' names no layer: give a name such as layer.4.output, or several with *");
        }
    }

    public boolean matches(String name) {
        String expression = text.chars()
                .mapToObj(letter -> letter == '*' ? ".*" : Pattern.quote(Character.toString(letter)))
                .collect(Collectors.joining());
        return Pattern.matches(expression, name);
    }

    /** @throws HoneException of category USAGE, with the nearest name, when none of a model's names is meant */
    void requireSome(Collection<String> names) {
        if (names.stream().noneMatch(this::matches)) {
            String nearest = names.stream()
                    .min(Comparator.comparingInt(name -> NearestName.edits(text, name)))
                    .map(name -> "; the nearest is " + name)
                    .orElse("");
            throw new HoneException(Category.USAGE, "the model has no layer " + text + nearest);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
