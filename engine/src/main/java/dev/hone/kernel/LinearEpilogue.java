package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/** Emits what turns a tile's sums into outputs: scales for bytes, bias, activation, rounding. */
final class LinearEpilogue {
    private final LinearKernel kernel;
    private final FunctionEmitter code;
    private final VectorMath math;
    private final int lanes;
    private final Type floats;
    private final Value sums;

    /** @param sums the tile's sums, [row][vector][lane] */
    LinearEpilogue(LinearKernel kernel, FunctionEmitter code, Value sums) {
        this.kernel = kernel;
        this.code = code;
        this.lanes = kernel.isa().lanes();
        this.floats = Type.FLOAT.vector(lanes);
        this.math = new VectorMath(code, floats);
        this.sums = sums;
    }

    /**
     * One tile.
     *
     * @param height its rows
     * @param facts behind the words of its first input row
     * @param strideFacts words from there to those of the next row
     * @param header of the panel
     * @param output the first element
     * @param strideOutput words from there to the next row
     */
    record Tile(Value height, Value facts, Value strideFacts, Value header, Value output, Value strideOutput) {}

    void emit(Tile tile, int vectors) {
        boolean bytes = kernel.product() == LinearProduct.BYTES;
        boolean nibbles = kernel.product() == LinearProduct.NIBBLES;
        List<Value> biases = line(tile, floats, 0, vectors);
        List<Value> scales = bytes ? line(tile, floats, 1, vectors) : List.of();
        List<Value> weightSums = bytes ? line(tile, floats.of(Type.INT), 2, vectors) : List.of();
        List<Value> constants = nibbles ? line(tile, floats, 1, vectors) : List.of();
        code.loop(Value.of(0), tile.height(), 1, row -> {
            Value from = code.element(sums, code.multiply(row, (long) vectors * lanes));
            Value output = code.element(tile.output(), code.multiply(row, tile.strideOutput()));
            Value facts = code.element(tile.facts(), code.multiply(row, tile.strideFacts()));
            for (int index = 0; index < vectors; index++) {
                Value sum = code.offset(from, 4L * index * lanes);
                Value value = bytes
                        ? dequantized(sum, facts, scales.get(index), weightSums.get(index))
                        : code.load(floats, sum);
                value = nibbles ? centred(value, facts, constants.get(index)) : value;
                value = math.activate(kernel.activation(), code.binary("fadd", value, biases.get(index)));
                store(value, output, index);
            }
        });
    }

    private List<Value> line(Tile tile, Type type, int line, int vectors) {
        List<Value> values = new ArrayList<>();
        for (int index = 0; index < vectors; index++) {
            values.add(code.load(type, code.offset(tile.header(), 4L * lanes * (line * vectors + index))));
        }
        return values;
    }

    private Value dequantized(Value sum, Value facts, Value scale, Value weightSum) {
        Value step = code.splat(code.load(Type.FLOAT, facts), lanes);
        Value zero = code.splat(centred(code.load(Type.INT, code.offset(facts, Float.BYTES))), lanes);
        Value shifted = code.subtract(code.load(floats.of(Type.INT), sum), code.multiply(zero, weightSum));
        return code.binary("fmul", code.convert("sitofp", shifted, floats), code.binary("fmul", step, scale));
    }

    /** The row's zero among the bytes as they were multiplied. */
    private Value centred(Value zero) {
        Value centre = new Value(Type.INT, Integer.toString(NeonProduct.CENTRE));
        return kernel.product().centresInputs(kernel.isa()) ? code.subtract(zero, centre) : zero;
    }

    /** Sums of scaled groups without the products of the row's zero, times its step. */
    private Value centred(Value sum, Value facts, Value weightSum) {
        Value step = code.splat(code.load(Type.FLOAT, facts), lanes);
        Value zero = code.load(Type.INT, code.offset(facts, Float.BYTES));
        Value minus = code.convert("sitofp", code.subtract(Value.zero(Type.INT), zero), Type.FLOAT);
        return code.binary("fmul", code.multiplyAdd(code.splat(minus, lanes), weightSum, sum), step);
    }

    private void store(Value value, Value output, int index) {
        if (kernel.output() == RowForm.BFLOATS) {
            code.store(new ShortFloats(code).toBfloat(value), code.offset(output, 2L * index * lanes));
        } else {
            code.store(value, code.offset(output, 4L * index * lanes));
        }
    }
}
