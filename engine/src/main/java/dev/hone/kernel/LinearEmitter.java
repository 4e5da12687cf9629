package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/** Emits {@link LinearKernel}: blocks of rows, panels, tiles of rows, one inner loop a tile height, one epilogue. */
final class LinearEmitter {
    /** Floats of A that stay in the second-level cache while the panels stream past: half a megabyte. */
    private static final long BLOCK_FLOATS = 128 * 1024;

    /** Measured on Zen 5: 8 rows ran a quarter faster than without it, and alike from 8 to 32 kilobytes. */
    private static final long FETCH_AHEAD_BYTES = 8192;

    private static final int CACHE_LINE_BYTES = 64;
    /** Arguments of llvm.prefetch: reading, into the second level, data. */
    private static final Value READ = new Value(Type.INT, "0");

    private static final Value SECOND_LEVEL = new Value(Type.INT, "2");
    private static final Value DATA = new Value(Type.INT, "1");

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
            Fetch fetch = fetch(packed, code.subtract(row, first), count, vectors);
            code.switchOn(height, tile.rows(), rows -> product(input, packed, fetch, rows, vectors));
            epilogue(row, height, firstColumn, bias, vectors);
        });
    }

    /** What a tile fetches into the cache for later, and how far that moves with each k. */
    private record Fetch(Value start, Value step) {}

    /**
     * One tile of rows reads the weights once and needs them some kilobytes ahead, because memory answers late. Several
     * tiles find them in the second-level cache, and share the fetching of the next panel among them.
     * (Measured on Zen 5: 16 rows of 384 to 1536 ran at 241 instead of 163
     * GFLOP/s, 32 at 248 instead of 200.)
     */
    private Fetch fetch(Value packed, Value rowsBefore, Value count, int vectors) {
        Value lineBytes = Value.of(4L * width(vectors));
        Value panelBytes = code.multiply(depth, 4L * width(vectors));
        Value tiles = code.binary("sdiv", code.add(count, Value.of(tile.rows() - 1L)), Value.of(tile.rows()));
        Value share = code.binary("sdiv", code.multiply(rowsBefore, panelBytes), count);
        Value single = code.compare("sle", tiles, Value.of(1));
        Value distance = code.select(single, Value.of(FETCH_AHEAD_BYTES), code.add(panelBytes, share));
        return new Fetch(code.offset(packed, distance), code.binary("sdiv", lineBytes, tiles));
    }

    private void prefetch(Value line, int bytes) {
        for (int start = 0; start < bytes; start += CACHE_LINE_BYTES) {
            code.callVoid("llvm.prefetch.p0", code.offset(line, start), READ, SECOND_LEVEL, DATA);
        }
    }

    /** The sums of one tile, from registers to the stack. */
    private void product(Value input, Value packed, Fetch fetch, int rows, int vectors) {
        List<Value> rowPointers = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            rowPointers.add(code.element(input, code.multiply(strideA, row)));
        }
        List<Value> carried = new ArrayList<>();
        carried.add(packed);
        carried.add(fetch.start());
        for (int index = 0; index < rows * vectors; index++) {
            carried.add(Value.zero(vector));
        }
        List<Value> sums = code.loop(Value.of(0), depth, 1, carried, (k, current) -> {
            List<Value> next = new ArrayList<>();
            Value line = current.getFirst();
            next.add(code.offset(line, 4L * width(vectors)));
            Value fetched = current.get(1);
            next.add(code.offset(fetched, fetch.step()));
            prefetch(fetched, 4 * width(vectors));
            List<Value> weight = new ArrayList<>();
            for (int index = 0; index < vectors; index++) {
                weight.add(code.load(vector, code.offset(line, 4L * width(index))));
            }
            for (int row = 0; row < rows; row++) {
                Value scalar = code.load(Type.FLOAT, code.element(rowPointers.get(row), k));
                Value broadcast = code.splat(scalar, vector.lanes());
                for (int index = 0; index < vectors; index++) {
                    Value sum = current.get(2 + row * vectors + index);
                    next.add(code.multiplyAdd(broadcast, weight.get(index), sum));
                }
            }
            return next;
        });
        for (int index = 0; index < rows * vectors; index++) {
            code.store(sums.get(2 + index), code.offset(accumulators, 4L * width(index)));
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
