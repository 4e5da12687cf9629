package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import dev.hone.transform.BindParams;
import dev.hone.transform.ComposeTransformation;
import dev.hone.transform.NamedTransform;
import dev.hone.transform.Transforms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Transforms as they are named on the command line. */
final class TransformNames {
    private TransformNames() {}

    /**
     * The named transforms, in the order given.
     *
     * @param bindings {@code INPUT=NUMBER}, for BindParams
     * @throws HoneException of category USAGE for a name that is none, with the nearest one and all there are
     */
    static ComposeTransformation parse(List<String> names, List<String> bindings) {
        List<NamedTransform> known = Transforms.all(new BindParams(numbers(bindings)));
        List<NamedTransform> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(Transforms.named(name.strip(), known).orElseThrow(() -> unknown(name, known)));
        }
        boolean binds = chosen.stream().anyMatch(transform -> transform.name().equals("BindParams"));
        if (!bindings.isEmpty() && !binds) {
            throw new HoneException(Category.USAGE, "--bind is for the pass BindParams, which --passes does not name");
        }
        return new ComposeTransformation(chosen);
    }

    private static HoneException unknown(String name, List<NamedTransform> known) {
        List<String> names = known.stream().map(NamedTransform::name).toList();
        List<String> lower =
                names.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
        String nearest = NearestName.of(name.toLowerCase(Locale.ROOT), lower)
                .map(found -> "did you mean " + names.get(lower.indexOf(found)) + "? ")
                .orElse("");
        return new HoneException(
                Category.USAGE, "unknown pass '" + name + "': " + nearest + "There are " + String.join(", ", names));
    }

    private static Map<String, Double> numbers(List<String> bindings) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String binding : bindings) {
            int equals = binding.indexOf('=');
            try {
                numbers.put(binding.substring(0, equals), Double.parseDouble(binding.substring(equals + 1)));
            } catch (IndexOutOfBoundsException | NumberFormatException noBinding) {
                throw new HoneException(
                        Category.USAGE,
                        "--bind " + binding + ": write INPUT=NUMBER, as in token_type_ids=0",
                        noBinding);
            }
        }
        return numbers;
    }

    /** All transforms: name, where it was published, whether it has a reverse, what it does. */
    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (NamedTransform transform : Transforms.all()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-28s %-8s %-10s %s",
                    transform.name(),
                    transform.source().label(),
                    transform.reversal().isPresent() ? "reversible" : "",
                    transform.description()));
        }
        return lines;
    }

    /** All transforms as objects for programs. */
    static List<Map<String, Object>> objects() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (NamedTransform transform : Transforms.all()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("pass", transform.name());
            json.put("source", transform.source().label());
            json.put("reversible", transform.reversal().isPresent());
            json.put("keeps_numbers", transform.keepsNumbers());
            json.put("description", transform.description());
            objects.add(json);
        }
        return objects;
    }
}
