package dev.hone.onnx.quantize;

import dev.hone.onnx.EditableModel;
import dev.hone.tensor.RowRange;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values whose ranges are known before the model runs. */
final class FixedValues implements ValueBytes {
    private final EditableModel model;
    private final StaticForm form;
    private final Map<String, RowRange> ranges;
    private final Map<String, QuantizedNames> constants = new HashMap<>();
    private final Map<String, QuantizedNames> bytes = new HashMap<>();
    private final Map<String, String> restored = new HashMap<>();

    FixedValues(EditableModel model, StaticForm form, Map<String, RowRange> ranges) {
        this.model = model;
        this.form = form;
        this.ranges = ranges;
    }

    StaticForm form() {
        return form;
    }

    @Override
    public QuantizedNames of(String value) {
        return bytes.computeIfAbsent(value, this::quantized);
    }

    private QuantizedNames quantized(String value) {
        QuantizedNames affine = affine(value);
        String result = model.freeName(value + "_quantized");
        List<String> operands = List.of(value, affine.scale(), affine.zero());
        model.add(value + "_QuantizeLinear", "QuantizeLinear", operands, List.of(result));
        return new QuantizedNames(result, affine.scale(), affine.zero());
    }

    /** The value as its bytes stand for it. */
    String restored(String value) {
        return restored.computeIfAbsent(value, name -> {
            String result = model.freeName(name + "_dequantized");
            restore(of(name), result);
            return result;
        });
    }

    /** Makes {@code result} the floats that bytes stand for. */
    void restore(QuantizedNames quantized, String result) {
        List<String> operands = List.of(quantized.bytes(), quantized.scale(), quantized.zero());
        model.add(result + "_DequantizeLinear", "DequantizeLinear", operands, List.of(result));
    }

    /** Scale and zero of a value; what stands for its bytes has the name given. */
    QuantizedNames affine(String value) {
        return constants.computeIfAbsent(value, this::constants);
    }

    private QuantizedNames constants(String value) {
        RowRange range = ranges.get(value);
        if (range == null) {
            throw new IllegalStateException("no range of " + value);
        }
        Affine affine = Affine.ofRange(form.values(), form.symmetric(), range.low(), range.high());
        MemorySegment zero = MemorySegment.ofArray(new byte[] {(byte) affine.zero()});
        return new QuantizedNames(
                "",
                model.addConstant(value + "_scale", Tensor.ofFloats(Shape.SCALAR, affine.scale())),
                model.addConstant(value + "_zero_point", Tensor.of(form.values().tensorType(), Shape.SCALAR, zero)));
    }

    /** Makes another node hand out a value's floats: what it makes itself gets the name that is returned. */
    String intercept(String value) {
        String inner = model.freeName(value + "_result");
        model.producer(value)
                .ifPresent(node -> model.changeOutput(node, node.outputs().indexOf(value), inner));
        return inner;
    }
}
