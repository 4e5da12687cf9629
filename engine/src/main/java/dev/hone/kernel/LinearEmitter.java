package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Emits {@link LinearKernel}: blocks of rows, panels, tiles of rows, one inner loop a tile height, one epilogue.
 *
 * <p>Where the depth is cut into blocks, all tiles of a block of rows take up the same block of the depth, and the sums
 * wait on the stack for the next one. They are stored and loaded as they are, and every sum is one chain as without
 * blocks, so that its bits are the same.
 */
final class LinearEmitter {
    private static final int CACHE_LINE_BYTES = 64;
    /** Arguments of llvm.prefetch: reading, into the second level, data. */
    private static final Value READ = new Value(Type.INT, "0");

    private static final Value SECOND_LEVEL = new Value(Type.INT, "2");
    private static final Value DATA = new Value(Type.INT, "1");

    private final LinearKernel kernel;
    private final LinearProduct product;
    private final LinearSchedule schedule;
    private final int lanes;
    private final FunctionEmitter code;
    /** What the inner loops do, one loop after another; the last takes the steps that the others leave. */
    private final List<InnerStep> loops;

    private final LinearEpilogue epilogue;
    private final Value a = Value.pointer("a");
    private final Value strideA = Value.number("strideA");
    private final Value weights = Value.pointer("weights");
    private final Value c = Value.pointer("c");
    private final Value strideC = Value.number("strideC");
    private final Value firstRow = Value.number("firstRow");
    private final Value endRow = Value.number("endRow");
    private final Value firstPanel = Value.number("firstPanel");
    private final Value endPanel = Value.number("endPanel");
    private final Value depth = Value.number("words");
    private final Value columns = Value.number("columns");
    /** The sums of a tile, or of a block of rows where the depth is cut. */
    private final Value accumulators;
    /** Of the inner loop. */
    private final Value steps;

    LinearEmitter(LinearKernel kernel, ModuleEmitter module) {
        this.kernel = kernel;
        this.product = kernel.product();
        this.schedule = kernel.schedule();
        this.lanes = kernel.isa().lanes();
        List<Value> parameters =
                List.of(a, strideA, weights, c, strideC, firstRow, endRow, firstPanel, endPanel, depth, columns);
        this.code = new FunctionEmitter(module, kernel.symbol(), parameters);
        this.loops = loops();
        this.accumulators = code.allocate(loops.getLast().sums(), mostRows() * schedule.vectors());
        this.steps = steps();
        this.epilogue = new LinearEpilogue(kernel, code, accumulators);
    }

    void emit() {
        Value fullPanels = code.binary("sdiv", columns, Value.of(width(schedule.vectors())));
        Value blockRows = code.binary("sdiv", Value.of(schedule.blockBytes() / Integer.BYTES), depth);
        Value enough = code.compare("sgt", blockRows, Value.of(8L * schedule.rows()));
        Value wanted = code.select(enough, blockRows, Value.of(8L * schedule.rows()));
        Value rows = schedule.isWhole() ? wanted : code.minimum(wanted, Value.of(mostRows()));
        code.evenly(firstRow, endRow, rows, (first, count) -> {
            Value fullEnd = kernel.tail() == 0 ? endPanel : code.minimum(endPanel, fullPanels);
            code.loop(firstPanel, fullEnd, 1, panel -> panel(panel, first, count, schedule.vectors()));
            if (kernel.tail() > 0) {
                Value tailStart = code.maximum(firstPanel, fullPanels);
                code.loop(tailStart, endPanel, 1, panel -> panel(panel, first, count, kernel.tail()));
            }
        });
        code.end();
    }

    /** Rows whose sums wait on the stack. */
    private int mostRows() {
        return schedule.isWhole() ? schedule.rows() : schedule.mostRowsInBlock(kernel.isa());
    }

    private List<InnerStep> loops() {
        if (product == LinearProduct.NIBBLES) {
            return List.of(new GroupStep(code, lanes));
        }
        InnerStep word = new WordStep(code, product, lanes);
        if (!kernel.isa().isArm() || product.widens(kernel.isa())) {
            return List.of(word);
        }
        boolean matrices = product == LinearProduct.BYTES && kernel.isa().includes(Isa.NEON_I8MM);
        return List.of(matrices ? new MatrixStep(code) : new LaneStep(code, product, lanes), word);
    }

    private Value steps() {
        int words = product.wordsPerStep();
        return words == 1 ? depth : code.binary("sdiv", code.add(depth, Value.of(words - 1L)), Value.of(words));
    }

    private long width(int vectors) {
        return (long) vectors * lanes;
    }

    private void panel(Value number, Value first, Value count, int vectors) {
        Value firstColumn = code.multiply(number, width(schedule.vectors()));
        Value columnBytes = code.add(
                code.multiply(steps, product.stepBytes()), Value.of((long) Integer.BYTES * product.headerLines()));
        Value header = code.offset(weights, code.multiply(firstColumn, columnBytes));
        Value packed = code.offset(header, (long) Integer.BYTES * product.headerLines() * width(vectors));
        Rows rows = new Rows(first, code.add(first, count), count);
        Panel panel = new Panel(firstColumn, header, vectors);
        if (schedule.isWhole()) {
            Steps all = new Steps(Value.of(0), steps, packed);
            tiles(rows, all, vectors, (tile, height) -> epilogue(tile, height, panel));
            return;
        }
        long most = Math.max(1, schedule.depthBlock() / product.wordsPerStep());
        code.evenly(Value.of(0), steps, Value.of(most), (start, some) -> {
            Value part = code.offset(packed, code.multiply(start, product.stepBytes() * width(vectors)));
            tiles(rows, new Steps(start, some, part), vectors, (tile, height) -> {});
        });
        epilogue(new Tile(first, code.element(a, code.multiply(first, strideA)), accumulators), count, panel);
    }

    /** A block of rows. */
    private record Rows(Value first, Value end, Value count) {}

    /** Where a panel's columns, its header are; its vectors. */
    private record Panel(Value firstColumn, Value header, int vectors) {}

    /** Steps of the inner loop that all tiles do before the next ones, a block of the depth or all; their weights. */
    private record Steps(Value start, Value count, Value packed) {}

    /** Some rows: the number of the first one, its input, where the sums are. */
    private record Tile(Value row, Value input, Value sums) {}

    /** @param then what follows the sums of each tile, given its height */
    private void tiles(Rows block, Steps some, int vectors, BiConsumer<Tile, Value> then) {
        code.evenly(block.first(), block.end(), Value.of(schedule.rows()), (row, height) -> {
            Value input = code.element(a, code.multiply(row, strideA));
            Value before = code.subtract(row, block.first());
            Fetch fetch = fetch(some, before, block.count(), vectors);
            Value sums = schedule.isWhole()
                    ? accumulators
                    : code.offset(accumulators, code.multiply(before, Float.BYTES * width(vectors)));
            Tile tile = new Tile(row, input, sums);
            code.switchOn(height, schedule.rows(), rows -> product(tile, some, fetch, rows, vectors));
            then.accept(tile, height);
        });
    }

    private void epilogue(Tile tile, Value height, Panel panel) {
        Value facts = code.element(tile.input(), depth);
        Value output = output(tile.row(), panel.firstColumn());
        epilogue.emit(
                new LinearEpilogue.Tile(height, facts, strideA, panel.header(), output, strideC), panel.vectors());
    }

    private Value output(Value row, Value column) {
        Value start = code.element(c, code.multiply(row, strideC));
        int bytes = kernel.output() == RowForm.BFLOATS ? Short.BYTES : Float.BYTES;
        return code.offset(start, code.multiply(column, bytes));
    }

    /** What a tile fetches into the cache for later, and how far that moves with each step. */
    private record Fetch(Value start, Value step) {}

    /**
     * One tile of rows reads the weights once and needs them some kilobytes ahead, because memory answers late. Several
     * tiles find them in the second-level cache, and share the fetching of the next panel among them, or of the next
     * block of the depth.
     * (Measured on Zen 5: 16 rows of 384 to 1536 ran at 241 instead of 163
     * GFLOP/s, 32 at 248 instead of 200.)
     */
    private Fetch fetch(Steps some, Value rowsBefore, Value count, int vectors) {
        long lineBytes = product.stepBytes() * width(vectors);
        Value panelBytes = code.multiply(some.count(), lineBytes);
        Value tiles = code.binary("sdiv", code.add(count, Value.of(schedule.rows() - 1L)), Value.of(schedule.rows()));
        Value share = code.binary("sdiv", code.multiply(rowsBefore, panelBytes), count);
        Value single = code.compare("sle", tiles, Value.of(1));
        Value distance = code.select(single, Value.of(schedule.fetchAhead()), code.add(panelBytes, share));
        return new Fetch(code.offset(some.packed(), distance), code.binary("sdiv", Value.of(lineBytes), tiles));
    }

    private void prefetch(Value line, long bytes) {
        for (long start = 0; start < bytes; start += CACHE_LINE_BYTES) {
            code.callVoid("llvm.prefetch.p0", code.offset(line, start), READ, SECOND_LEVEL, DATA);
        }
    }

    /** What the inner loops of a tile read: where its rows begin, which steps, what is fetched ahead, its vectors. */
    private record Reading(List<Value> rows, Steps steps, Fetch fetch, int vectors) {}

    /** The sums of one tile, in registers and then on the stack. */
    private void product(Tile tile, Steps some, Fetch fetch, int rows, int vectors) {
        List<Value> rowPointers = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            rowPointers.add(code.element(tile.input(), code.multiply(strideA, row)));
        }
        List<Value> carried = new ArrayList<>();
        carried.add(some.packed());
        carried.add(fetch.start());
        carried.addAll(sumsBefore(tile, some, rows * vectors, vectors));
        carried = loops(new Reading(rowPointers, some, fetch, vectors), carried);
        for (int index = 0; index < rows * vectors; index++) {
            code.store(carried.get(2 + index), code.offset(tile.sums(), Float.BYTES * width(index)));
        }
    }

    /** Zeros before the first step, else what was left on the stack, laid out as the first loop wants it. */
    private List<Value> sumsBefore(Tile tile, Steps some, int count, int vectors) {
        Value zero = Value.zero(loops.getLast().sums());
        if (schedule.isWhole()) {
            return Collections.nCopies(count, zero);
        }
        Value goesOn = code.compare("sgt", some.start(), Value.of(0));
        List<Value> sums = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            Value stored = code.load(zero.type(), code.offset(tile.sums(), Float.BYTES * width(index)));
            sums.add(code.select(goesOn, stored, zero));
        }
        return loops.getFirst().arranged(sums, vectors);
    }

    /** @param start where the weights begin, what is fetched first, the sums */
    private List<Value> loops(Reading reading, List<Value> start) {
        List<Value> carried = start;
        Value done = reading.steps().start();
        for (InnerStep inner : loops) {
            Value end = end(reading.steps(), inner.count());
            List<Value> after = code.loop(
                    done, end, inner.count(), carried, (number, current) -> step(inner, reading, number, current));
            carried = new ArrayList<>(after.subList(0, 2));
            carried.addAll(inner.arranged(after.subList(2, after.size()), reading.vectors()));
            done = end;
        }
        return carried;
    }

    /** The end of the steps that can be done so many at once. */
    private Value end(Steps some, int atOnce) {
        Value whole =
                atOnce == 1 ? some.count() : code.multiply(code.binary("sdiv", some.count(), Value.of(atOnce)), atOnce);
        return schedule.isWhole() ? whole : code.add(some.start(), whole);
    }

    private List<Value> step(InnerStep inner, Reading reading, Value number, List<Value> current) {
        long lineBytes = product.stepBytes() * width(reading.vectors());
        List<Value> next = new ArrayList<>();
        Value packed = current.getFirst();
        next.add(code.offset(packed, lineBytes * inner.count()));
        Value following = current.get(1);
        for (int step = 0; step < inner.count(); step++) {
            Value line = following;
            following = code.offset(line, reading.fetch().step());
            prefetch(line, lineBytes);
        }
        next.add(following);
        next.addAll(inner.emit(reading.rows(), number, packed, current.subList(2, current.size()), reading.vectors()));
        return next;
    }
}
