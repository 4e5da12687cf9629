package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weights and nodes in float16; the model's inputs and outputs keep their types, by casts. Operators that are excluded,
 * or that have no float16 form, stay in float32 between casts.
 */
final class ConvertToFloat16 implements Step.Sweep {
    private static final int FLOAT = 1;
    private static final int FLOAT16 = 10;

    /** The filling of ONNX Runtime's own choice: the one of exported files is beyond float16. */
    private static final float HIDDEN_SCORE = -10000;

    /** Operators without a float16 form in ONNX, or whose result type is an attribute. */
    private static final Set<String> FLOAT32_ONLY =
            Set.of("ConstantOfShape", "Range", "CumSum", "Resize", "Upsample", "RandomNormal", "RandomUniform");

    private final Set<String> excluded;

    ConvertToFloat16(Set<String> excluded) {
        this.excluded = excluded;
    }

    @Override
    public String name() {
        return "Float16";
    }

    @Override
    public int sweep(Look look, List<OptimizerReport.Refusal> refusals) {
        Conversion conversion = new Conversion(look);
        int converted = 0;
        for (EditableNode node : look.model().nodes()) {
            boolean narrow = isConverted(node, look);
            converted += narrow ? 1 : 0;
            conversion.convert(node, narrow);
            if (!narrow && reads(node, look)) {
                refusals.add(new OptimizerReport.Refusal(node.toString(), reason(node)));
            }
        }
        look.model().forgetDescriptions();
        return converted;
    }

    private String reason(EditableNode node) {
        if (excluded.contains(node.operator())) {
            return "the operator is excluded";
        }
        return FLOAT32_ONLY.contains(node.operator())
                ? "the operator has no float16 form"
                : "the type of its result is not known";
    }

    private static boolean reads(EditableNode node, Look look) {
        return node.inputs().stream().anyMatch(input -> isFloat(input, look));
    }

    private static boolean isFloat(String value, Look look) {
        return !value.isEmpty()
                && look.values()
                        .get(value)
                        .type()
                        .filter(type -> type == DType.F32)
                        .isPresent();
    }

    private boolean isConverted(EditableNode node, Look look) {
        boolean known = node.outputs().stream()
                .allMatch(output ->
                        output.isEmpty() || look.values().get(output).type().isPresent());
        boolean floats = reads(node, look) || node.outputs().stream().anyMatch(output -> isFloat(output, look));
        return known && floats && !excluded.contains(node.operator()) && !FLOAT32_ONLY.contains(node.operator());
    }

    /** Which values are in float16 by now, and the casts between the types, each made once. */
    private static final class Conversion {
        private final Look look;
        private final EditableModel model;
        private final Set<String> narrow = new HashSet<>();
        private final Map<String, String> narrowed = new HashMap<>();
        private final Map<String, String> widened = new HashMap<>();

        Conversion(Look look) {
            this.look = look;
            this.model = look.model();
        }

        void convert(EditableNode node, boolean toFloat16) {
            List<String> inputs = node.inputs();
            for (int index = 0; index < inputs.size(); index++) {
                String input = inputs.get(index);
                if (isFloat(input, look)) {
                    model.changeInput(node, index, toFloat16 ? narrow(input) : wide(input));
                }
            }
            if (!toFloat16) {
                return;
            }
            if (node.is("Cast") && node.integer("to").orElse(0) == FLOAT) {
                node.set(Attributes.integer("to", FLOAT16));
            }
            if (node.attribute("mask_filter_value").isPresent()) {
                node.set(Attributes.real(
                        "mask_filter_value", Math.max(HIDDEN_SCORE, node.real("mask_filter_value", HIDDEN_SCORE))));
            }
            List<String> outputs = node.outputs();
            for (int index = 0; index < outputs.size(); index++) {
                if (isFloat(outputs.get(index), look)) {
                    makeNarrow(node, index);
                }
            }
        }

        private void makeNarrow(EditableNode node, int index) {
            String output = node.outputs().get(index);
            if (!model.isOutput(output)) {
                narrow.add(output);
                return;
            }
            String inner = model.freeName(output + "_float16");
            model.changeOutput(node, index, inner);
            narrowed.put(output, inner);
            cast(inner, output, FLOAT);
        }

        private String narrow(String value) {
            if (narrow.contains(value)) {
                return value;
            }
            return narrowed.computeIfAbsent(
                    value,
                    name -> model.constant(name)
                            .map(tensor -> model.addConstant(name + "_float16", HalfRange.narrowed(tensor)))
                            .orElseGet(() -> cast(name, model.freeName(name + "_float16"), FLOAT16)));
        }

        private String wide(String value) {
            return narrow.contains(value)
                    ? widened.computeIfAbsent(value, name -> cast(name, model.freeName(name + "_float32"), FLOAT))
                    : value;
        }

        private String cast(String value, String result, int type) {
            model.add("Cast", "Cast", List.of(value), List.of(result)).set(Attributes.integer("to", type));
            return result;
        }
    }
}
