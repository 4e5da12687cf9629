package dev.hone.tune;

import dev.hone.kernel.Kernel;
import dev.hone.kernel.LinearKernel;
import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearSchedule;
import dev.hone.kernel.RowForm;
import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.runtime.Partition;
import dev.hone.runtime.ThreadTeam;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Schedules of one problem, compiled and run against each other.
 *
 * <p>The first one is what the others are compared with. Before anything is timed all of them must give the same bits.
 * They are then timed by turns, a product of each for each class of rows, as the workers of a plan share it, and with
 * the weights of another layer each time.
 */
final class ScheduleTrial implements AutoCloseable {
    /** Heights around tiles and blocks, and a call of many tiles. */
    private static final List<Integer> CHECKED_ROWS = List.of(1, 13, 77);

    private static final int FEWEST_ROUNDS = 5;
    private static final int MOST_ROUNDS = 400;
    private static final long LEAST_NANOS = 500_000;

    private final LinearProblem problem;
    private final ThreadTeam team;
    private final TrialMemory memory;
    private final NativeCode code;
    private final List<Entry> entries = new ArrayList<>();
    private int rounds;
    private int calls;

    private record Entry(LinearSchedule schedule, NativeFunction function, int panels) {}

    /** @param workers threads that share a plan's products */
    ScheduleTrial(TuningTask task, List<LinearSchedule> schedules, int workers) {
        this.problem = task.problem();
        List<LinearKernel> kernels = schedules.stream().map(problem::kernel).toList();
        this.memory = new TrialMemory(task, SearchSpace.ROW_CLASSES.getLast(), workers);
        try {
            this.code = load(kernels);
        } catch (RuntimeException | Error failure) {
            memory.close();
            throw failure;
        }
        try {
            this.team = new ThreadTeam(workers);
        } catch (RuntimeException | Error failure) {
            code.close();
            memory.close();
            throw failure;
        }
        for (int index = 0; index < kernels.size(); index++) {
            LinearKernel kernel = kernels.get(index);
            NativeFunction function = code.function(kernel.symbol());
            int panels = problem.layout(schedules.get(index)).panels();
            entries.add(new Entry(schedules.get(index), function, panels));
        }
    }

    private NativeCode load(List<LinearKernel> kernels) {
        LlvmCompiler compiler = LlvmCompiler.get();
        return NativeCode.load(
                compiler.emitObject(Kernel.module(kernels), compiler.host(Machine.detect(), problem.isa())));
    }

    /** @throws IllegalStateException when a schedule changes a bit, which none may */
    void check() {
        for (int rows : CHECKED_ROWS) {
            run(entries.getFirst(), rows);
            MemorySegment expected = MemorySegment.ofArray(
                            new byte[(int) memory.outputs().byteSize()])
                    .copyFrom(memory.outputs());
            for (Entry entry : entries) {
                memory.outputs().fill((byte) 0x5a);
                run(entry, rows);
                compare(entry, expected, rows);
            }
        }
    }

    private void compare(Entry entry, MemorySegment expected, int rows) {
        long width = (long) problem.columns() * (problem.output() == RowForm.BFLOATS ? Short.BYTES : Float.BYTES);
        for (int row = 0; row < rows; row++) {
            long start = row * memory.outputStride() * Integer.BYTES;
            long end = start + width;
            if (MemorySegment.mismatch(expected, start, end, memory.outputs(), start, end) >= 0) {
                throw new IllegalStateException(problem.kernel(entry.schedule()).line() + " answers otherwise than "
                        + entries.getFirst().schedule() + " in row " + row + " of " + rows);
            }
        }
    }

    /**
     * Times all schedules by turns.
     *
     * @param nanos how long; a few rounds are made in any case
     * @return a gain for each schedule, in the order given; the first one's is {@link Gain#NONE}
     */
    List<Gain> measure(long nanos) {
        round();
        List<double[]> ratios = new ArrayList<>();
        long end = System.nanoTime() + nanos;
        while (ratios.size() < FEWEST_ROUNDS || (ratios.size() < MOST_ROUNDS && System.nanoTime() < end)) {
            ratios.add(round());
        }
        List<Gain> gains = new ArrayList<>(List.of(Gain.NONE));
        for (int index = 1; index < entries.size(); index++) {
            int column = index;
            gains.add(
                    Gain.of(ratios.stream().mapToDouble(round -> round[column]).toArray()));
        }
        return gains;
    }

    /** The geometric mean over the classes of rows of each schedule's time in multiples of the first one's. */
    private double[] round() {
        rounds++;
        double[] logarithms = new double[entries.size()];
        for (int rows : SearchSpace.ROW_CLASSES) {
            double[] times = new double[entries.size()];
            for (int place = 0; place < times.length; place++) {
                int index = (place + rounds) % times.length;
                times[index] = time(entries.get(index), rows);
            }
            for (int index = 0; index < times.length; index++) {
                logarithms[index] += Math.log(times[index] / times[0]) / SearchSpace.ROW_CLASSES.size();
            }
        }
        for (int index = 0; index < logarithms.length; index++) {
            logarithms[index] = Math.exp(logarithms[index]);
        }
        return logarithms;
    }

    /** Nanoseconds of a product, of which enough are made for the clock. */
    private double time(Entry entry, int rows) {
        run(entry, rows);
        long start = System.nanoTime();
        int before = calls;
        long now;
        do {
            run(entry, rows);
            now = System.nanoTime();
        } while (now - start < LEAST_NANOS);
        return (double) (now - start) / (calls - before);
    }

    private void run(Entry entry, int rows) {
        MemorySegment[] weights = memory.weights(entry.schedule());
        calls++;
        MemorySegment packed = weights[Math.floorMod(calls, weights.length)];
        int bandRows = entry.schedule().bandRows();
        team.run(worker -> {
            Partition mine = Partition.of(rows, entry.panels(), bandRows, worker, team.size());
            if (!mine.isEmpty()) {
                call(entry, worker, packed, mine);
            }
        });
    }

    private void call(Entry entry, int worker, MemorySegment packed, Partition mine) {
        entry.function()
                .call(memory.arguments(worker)
                        .pointer(memory.inputs())
                        .number(memory.inputStride())
                        .pointer(packed)
                        .pointer(memory.outputs())
                        .number(memory.outputStride())
                        .number(mine.firstRow())
                        .number(mine.endRow())
                        .number(mine.firstPanel())
                        .number(mine.endPanel())
                        .number(problem.layout(entry.schedule()).words())
                        .number(problem.columns()));
    }

    @Override
    public void close() {
        team.close();
        memory.close();
        code.close();
    }
}
