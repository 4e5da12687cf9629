package dev.hone.sweep;

import dev.hone.onnx.optimize.Switch;
import dev.hone.sweep.Parameter.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All combinations of some values. Values that mean nothing beside the others of a combination are left out of it, and
 * what is the same then counts once.
 *
 * @param combinations of all values
 * @param settings that differ
 * @param notes beside which values others were left out, as {@code with mode none: calibration}
 */
public record Grid(long combinations, List<Setting> settings, List<String> notes) {
    private static final Set<String> ONLY_STATIC = Set.of(
            Parameter.STATIC_FORMAT,
            Parameter.ACTIVATIONS,
            Parameter.SYMMETRIC_ACTIVATIONS,
            Parameter.CALIBRATION,
            Parameter.CALIBRATION_SAMPLES,
            Parameter.CALIBRATION_PERCENTILE,
            Parameter.CALIBRATION_SHARDS,
            Parameter.MEMORY_BUDGET);

    /** Levels without fusions, which no switch changes. */
    private static final Set<String> WITHOUT_FUSIONS = Set.of("0", "1", "O1");

    public Grid {
        settings = List.copyOf(settings);
        notes = List.copyOf(notes);
    }

    /** @param axes values by the names of parameters */
    static Grid of(Map<String, List<String>> axes) {
        List<Setting> all = List.of(new Setting(Map.of()));
        for (Map.Entry<String, List<String>> axis : axes.entrySet()) {
            List<Setting> longer = new ArrayList<>();
            for (Setting setting : all) {
                axis.getValue().forEach(value -> longer.add(setting.with(axis.getKey(), value)));
            }
            all = longer;
        }
        Set<Setting> different = new LinkedHashSet<>();
        Map<String, Set<String>> dropped = new LinkedHashMap<>();
        for (Setting setting : all) {
            different.add(meaningful(setting, dropped));
        }
        List<String> notes = new ArrayList<>();
        dropped.forEach((where, names) -> notes.add(where + ": " + String.join(", ", names)));
        return new Grid(all.size(), List.copyOf(different), notes);
    }

    /** How many combinations there are, without making them; the largest long where there are more. */
    static long size(Map<String, List<String>> axes) {
        long size = 1;
        for (List<String> values : axes.values()) {
            long high = Math.multiplyHigh(size, values.size());
            size = high != 0 || size * values.size() < 0 ? Long.MAX_VALUE : size * values.size();
        }
        return size;
    }

    private static Setting meaningful(Setting setting, Map<String, Set<String>> dropped) {
        if (setting.engine().equals("hone")) {
            Set<String> all = new HashSet<>(names(Part.OPTIMIZE));
            all.addAll(names(Part.QUANTIZE));
            return drop(setting, all, "with engine hone, which fuses by itself and quantises by precision", dropped);
        }
        Setting left = drop(setting, Set.of(Parameter.PRECISION), "with engine onnxruntime", dropped);
        return quantizing(optimizing(left, dropped), dropped);
    }

    private static Setting optimizing(Setting setting, Map<String, Set<String>> dropped) {
        Set<String> switches = names(Part.OPTIMIZE);
        switches.removeAll(Set.of(Parameter.LEVEL, Parameter.ONNX_RUNTIME_ONLY));
        if (setting.onnxRuntimeOnly()) {
            return drop(setting, switches, "with " + Parameter.ONNX_RUNTIME_ONLY, dropped);
        }
        Setting left = setting;
        if (WITHOUT_FUSIONS.contains(setting.level().text())) {
            switches.removeAll(Set.of(Parameter.nameOf(Switch.FP16), Parameter.FLOAT32_OPERATORS));
            left = drop(setting, switches, "with level " + setting.level().text(), dropped);
        } else if (Set.of("O3", "O4").contains(setting.level().text())) {
            String approximation = Parameter.nameOf(Switch.ENABLE_GELU_APPROXIMATION);
            left = drop(
                    setting,
                    Set.of(approximation),
                    "with level " + setting.level().text(),
                    dropped);
        }
        boolean narrow = left.is(Parameter.nameOf(Switch.FP16)) || left.level().narrows();
        return narrow ? left : drop(left, Set.of(Parameter.FLOAT32_OPERATORS), "without fp16", dropped);
    }

    private static Setting quantizing(Setting setting, Map<String, Set<String>> dropped) {
        return switch (setting.mode()) {
            case Setting.NOTHING -> {
                Set<String> others = names(Part.QUANTIZE);
                others.remove(Parameter.MODE);
                yield drop(setting, others, "with mode none", dropped);
            }
            case Setting.DYNAMIC -> drop(setting, ONLY_STATIC, "with mode dynamic", dropped);
            default -> {
                boolean cuts = setting.value(Parameter.CALIBRATION, "minmax").equals("percentile");
                Set<String> others = Set.of(Parameter.CALIBRATION_PERCENTILE);
                yield cuts ? setting : drop(setting, others, "with a calibration other than percentile", dropped);
            }
        };
    }

    private static Setting drop(Setting setting, Set<String> names, String where, Map<String, Set<String>> dropped) {
        Set<String> found = setting.values().keySet().stream()
                .filter(names::contains)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (!found.isEmpty()) {
            dropped.computeIfAbsent(where, _ -> new LinkedHashSet<>()).addAll(found);
        }
        return setting.without(names);
    }

    private static Set<String> names(Part part) {
        return Parameter.of(part).stream().map(Parameter::name).collect(Collectors.toCollection(HashSet::new));
    }
}
