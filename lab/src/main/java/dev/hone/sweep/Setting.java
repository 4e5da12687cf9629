package dev.hone.sweep;

import dev.hone.machine.Machine;
import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.optimize.OptimizerSettings;
import dev.hone.onnx.optimize.Switch;
import dev.hone.onnx.quantize.ByteType;
import dev.hone.onnx.quantize.NodeChoice;
import dev.hone.onnx.quantize.Preset;
import dev.hone.onnx.quantize.QuantizationSettings;
import dev.hone.onnx.quantize.StaticForm;
import dev.hone.onnx.quantize.WeightScheme;
import dev.hone.sweep.Parameter.Part;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One combination of values. What it does not name has the usual value of the option of that name.
 *
 * @param values by the names of parameters, in their order, each in its usual spelling
 */
public record Setting(Map<String, String> values) {
    /** The model as it was given, in ONNX Runtime. */
    public static final Setting ORIGINAL = new Setting(Map.of(Parameter.ENGINE, "onnxruntime"));

    static final String NOTHING = "none";
    static final String DYNAMIC = "dynamic";
    static final String STATIC = "static";
    /** The operators that are quantised where none are named. */
    static final String USUAL = "default";

    private static final String USUAL_LEVEL = Level.EXTENDED.text();

    public Setting {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.ALL) {
            String value = values.get(parameter.name());
            if (value != null) {
                ordered.put(parameter.name(), value);
            }
        }
        values = Collections.unmodifiableMap(ordered);
    }

    String value(String name, String usual) {
        return values.getOrDefault(name, usual);
    }

    int number(String name, int usual) {
        return Integer.parseInt(value(name, Integer.toString(usual)));
    }

    boolean is(String name) {
        return value(name, "false").equals("true");
    }

    /** What runs it. */
    public String engine() {
        return value(Parameter.ENGINE, "onnxruntime");
    }

    /** The precision of the engine's own products. */
    public String precision() {
        return value(Parameter.PRECISION, "f32");
    }

    /** {@code none}, {@code dynamic} or {@code static}. */
    public String mode() {
        return value(Parameter.MODE, names(Part.QUANTIZE) ? DYNAMIC : NOTHING);
    }

    private boolean names(Part part) {
        return Parameter.of(part).stream().anyMatch(parameter -> values.containsKey(parameter.name()));
    }

    /** This setting with another value for a parameter. */
    Setting with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return new Setting(changed);
    }

    /** This setting without some parameters. */
    Setting without(Set<String> names) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.keySet().removeAll(names);
        return new Setting(changed);
    }

    /** This setting without the parameters of a part. */
    Setting without(Part part) {
        return without(Parameter.of(part).stream().map(Parameter::name).collect(Collectors.toSet()));
    }

    boolean changesNothing() {
        return optimization().isEmpty() && !onnxRuntimeOnly() && mode().equals(NOTHING);
    }

    boolean onnxRuntimeOnly() {
        return is(Parameter.ONNX_RUNTIME_ONLY);
    }

    Level level() {
        return Level.parse(value(Parameter.LEVEL, USUAL_LEVEL));
    }

    /** What the optimiser does; empty where the file stays as it is. */
    Optional<OptimizerSettings> optimization() {
        EnumSet<Switch> switches = EnumSet.noneOf(Switch.class);
        for (Switch each : Switch.values()) {
            if (is(Parameter.nameOf(each))) {
                switches.add(each);
            }
        }
        boolean nothing = !names(Part.OPTIMIZE) || (level() == Level.DISABLED && !switches.contains(Switch.FP16));
        return nothing
                ? Optional.empty()
                : Optional.of(new OptimizerSettings(level(), switches, 0, 0, nameSet(Parameter.FLOAT32_OPERATORS)));
    }

    /** What the quantiser does; empty where nothing is quantised. */
    Optional<QuantizationSettings> quantization() {
        if (mode().equals(NOTHING)) {
            return Optional.empty();
        }
        Preset.Choice preset = Preset.parse(value(Parameter.PRESET, "auto"))
                .map(named -> new Preset.Choice(named, false, "it was asked for"))
                .orElseGet(() -> Preset.forMachine(Machine.detect()));
        String weights = value(Parameter.WEIGHTS, preset.preset().weights().label());
        WeightScheme scheme = new WeightScheme(
                ByteType.parse(weights),
                value(Parameter.PER_CHANNEL, "true").equals("true"),
                !is(Parameter.ASYMMETRIC_WEIGHTS),
                is(Parameter.REDUCE_RANGE) || preset.reducedRange());
        NodeChoice choice = new NodeChoice(
                nameSet(Parameter.OPERATORS), nameSet(Parameter.NODES), nameSet(Parameter.EXCLUDE_NODES));
        return Optional.of(new QuantizationSettings(choice, scheme, is(Parameter.PRODUCTS), form()));
    }

    private Optional<StaticForm> form() {
        if (!mode().equals(STATIC)) {
            return Optional.empty();
        }
        boolean pairs = value(Parameter.STATIC_FORMAT, "qdq").equals("qdq");
        return Optional.of(new StaticForm(
                pairs ? StaticForm.Format.QDQ : StaticForm.Format.QOPERATOR,
                ByteType.parse(value(Parameter.ACTIVATIONS, "u8")),
                is(Parameter.SYMMETRIC_ACTIVATIONS)));
    }

    private Set<String> nameSet(String name) {
        String names = value(name, "");
        return names.isEmpty() || names.equals(USUAL) ? Set.of() : Set.of(names.split(",", -1));
    }

    /** Its values as {@code name=value}, the engine's by itself. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey().equals(Parameter.ENGINE)
                        ? entry.getValue()
                        : entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
