package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/** Emits {@link LinearKernel}: blocks of rows, panels, tiles of rows, one inner loop a tile height, one epilogue. */
final class LinearEmitter {
    /** Floats of A that stay in the second-level cache while the panels stream past: half a megabyte. */
    private static final long BLOCK_FLOATS = 128 * 1024;

    private final LinearKernel kernel;
    private final FunctionEmitter code;
    private final LinearTile tile;
    private final Type vector;
    private final VectorMath math;
    private final Value a = Value.pointer("a");
    private final Value strideA = Value.number("strideA");
    private final Value weights = Value.pointer("weights");
    private final Value residual = Value.pointer("residual");
    private final Value strideResidual = Value.number("strideResidual");
    private final Value c = Value.pointer("c");
    private final Value strideC = Value.number("strideC");
    private final Value firstRow = Value.number("firstRow");
    private final Value endRow = Value.number("endRow");
    private final Value firstPanel = Value.number("firstPanel");
    private final Value endPanel = Value.number("endPanel");
    private final Value depth = Value.number("depth");
    private final Value columns = Value.number("columns");
    private final Value accumulators;

    LinearEmitter(LinearKernel kernel, ModuleEmitter module) {
        this.kernel = kernel;
        this.tile = LinearTile.of(kernel.isa());
        this.vector = Type.FLOAT.vector(kernel.isa().lanes());
        List<Value> parameters = List.of(
                a,
                strideA,
                weights,
                residual,
                strideResidual,
                c,
                strideC,
                firstRow,
                endRow,
                firstPanel,
                endPanel,
                depth,
                columns);
        this.code = new FunctionEmitter(module, kernel.symbol(), parameters);
        this.math = new VectorMath(code, vector);
        this.accumulators = code.allocate(vector, tile.rows() * tile.vectors());
    }

    void emit() {
        Value fullPanels = code.binary(
                "sdiv", columns, Value.of((long) tile.vectors() * kernel.isa().lanes()));
        Value blockRows = code.binary("sdiv", Value.of(BLOCK_FLOATS), depth);
        Value enough = code.compare("sgt", blockRows, Value.of(8L * tile.rows()));
        Value rows = code.select(enough, blockRows, Value.of(8L * tile.rows()));
        code.evenly(firstRow, endRow, rows, (first, count) -> {
            Value fullEnd = kernel.tail() == 0 ? endPanel : code.minimum(endPanel, fullPanels);
            code.loop(firstPanel, fullEnd, 1, panel -> panel(panel, first, count, tile.vectors()));
            if (kernel.tail() > 0) {
                Value tailStart = code.maximum(firstPanel, fullPanels);
                code.loop(tailStart, endPanel, 1, panel -> panel(panel, first, count, kernel.tail()));
            }
        });
        code.end();
    }

    private int width(int vectors) {
        return vectors * kernel.isa().lanes();
    }

    private void panel(Value panel, Value first, Value count, int vectors) {
        Value firstColumn = code.multiply(panel, width(tile.vectors()));
        Value lines = code.add(depth, Value.of(1));
        Value bias = code.element(weights, code.multiply(firstColumn, lines));
        Value packed = code.offset(bias, 4L * width(vectors));
        Value end = code.add(first, count);
        code.evenly(first, end, Value.of(tile.rows()), (row, height) -> {
            Value input = code.element(a, code.multiply(row, strideA));
            code.switchOn(height, tile.rows(), rows -> product(input, packed, rows, vectors));
            epilogue(row, height, firstColumn, bias, vectors);
        });
    }

    /** The sums of one tile, from registers to the stack. */
    private void product(Value input, Value packed, int rows, int vectors) {
        List<Value> rowPointers = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            rowPointers.add(code.element(input, code.multiply(strideA, row)));
        }
        List<Value> carried = new ArrayList<>();
        carried.add(packed);
        for (int index = 0; index < rows * vectors; index++) {
            carried.add(Value.zero(vector));
        }
        List<Value> sums = code.loop(Value.of(0), depth, 1, carried, (k, current) -> {
            List<Value> next = new ArrayList<>();
            Value line = current.getFirst();
            next.add(code.offset(line, 4L * width(vectors)));
            List<Value> weight = new ArrayList<>();
            for (int index = 0; index < vectors; index++) {
                weight.add(code.load(vector, code.offset(line, 4L * width(index))));
            }
            for (int row = 0; row < rows; row++) {
                Value scalar = code.load(Type.FLOAT, code.element(rowPointers.get(row), k));
                Value broadcast = code.splat(scalar, vector.lanes());
                for (int index = 0; index < vectors; index++) {
                    Value sum = current.get(1 + row * vectors + index);
                    next.add(code.multiplyAdd(broadcast, weight.get(index), sum));
                }
            }
            return next;
        });
        for (int index = 0; index < rows * vectors; index++) {
            code.store(sums.get(1 + index), code.offset(accumulators, 4L * width(index)));
        }
    }

    private void epilogue(Value firstRow, Value height, Value firstColumn, Value bias, int vectors) {
        List<Value> biases = new ArrayList<>();
        for (int index = 0; index < vectors; index++) {
            biases.add(code.load(vector, code.offset(bias, 4L * width(index))));
        }
        code.loop(Value.of(0), height, 1, offset -> {
            Value sums = code.element(accumulators, code.multiply(offset, width(vectors)));
            Value row = code.add(firstRow, offset);
            Value output = address(c, strideC, row, firstColumn);
            Value added = address(residual, strideResidual, row, firstColumn);
            for (int index = 0; index < vectors; index++) {
                long bytes = 4L * width(index);
                Value value = code.load(vector, code.offset(sums, bytes));
                value = code.binary("fadd", value, biases.get(index));
                if (kernel.residual()) {
                    value = code.binary("fadd", value, code.load(vector, code.offset(added, bytes)));
                }
                code.store(math.activate(kernel.activation(), value), code.offset(output, bytes));
            }
        });
    }

    private Value address(Value matrix, Value stride, Value row, Value column) {
        return code.element(matrix, code.add(code.multiply(row, stride), column));
    }
}
