package dev.hone.tune;

import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearSchedule;
import dev.hone.kernel.PackedWeights;
import dev.hone.kernel.WeightPacker;
import dev.hone.nativecode.system.Arguments;
import dev.hone.nativecode.system.LargePages;
import dev.hone.tensor.Float16;
import dev.hone.tensor.Nibbles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Made-up operands of a problem, the same in every trial: rows, weights packed for each width of panel, results. */
final class TrialMemory implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int WORDS_IN_LINE = 16;
    private static final long MOST_WEIGHT_BYTES = 48L << 20;
    private static final long SEED = 0x5eed;

    private final Arena arena = Arena.ofShared();
    private final TuningTask task;
    private final LinearProblem problem;
    private final Map<Integer, MemorySegment[]> packed = new HashMap<>();
    private final MemorySegment inputs;
    private final MemorySegment outputs;
    private final Arguments[] arguments;
    private final int rows;

    /**
     * @param workers threads that call at once
     * @throws dev.hone.HoneException of category MACHINE when there is not so much memory
     */
    TrialMemory(TuningTask task, int rows, int workers) {
        this.task = task;
        this.problem = task.problem();
        this.rows = rows;
        this.arguments = new Arguments[workers];
        try {
            this.inputs = allocate((long) rows * inputStride() * Integer.BYTES);
            this.outputs = allocate((long) rows * outputStride() * Integer.BYTES);
            Arrays.setAll(arguments, _ -> new Arguments(arena));
            fillInputs();
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    MemorySegment inputs() {
        return inputs;
    }

    MemorySegment outputs() {
        return outputs;
    }

    /** No arguments yet, for the next call of a worker. */
    Arguments arguments(int worker) {
        return arguments[worker].clear();
    }

    /** Words from one row to the next. */
    long inputStride() {
        return lines(problem.product().input().words(problem.depth()));
    }

    /** Words from one row of results to the next. */
    long outputStride() {
        return lines(problem.columns()) + WORDS_IN_LINE;
    }

    /**
     * Weights for a schedule: as many copies as the plan has layers of the problem, within limits, so that they come
     * from as far away as they do in the plan.
     */
    MemorySegment[] weights(LinearSchedule schedule) {
        return packed.computeIfAbsent(schedule.vectors(), _ -> pack(problem.layout(schedule)));
    }

    private MemorySegment[] pack(PackedWeights layout) {
        long bytes = layout.bytes();
        int copies = Math.clamp(MOST_WEIGHT_BYTES / bytes, 1, task.count());
        MemorySegment[] weights = new MemorySegment[copies];
        for (int copy = 0; copy < copies; copy++) {
            weights[copy] = allocate(bytes);
            if (copy == 0) {
                WeightPacker packer = new WeightPacker(layout, this::weightLine, bias(), scales(), weights[copy]);
                packer.pack(WeightPacker.Lines.COLUMNS);
            } else {
                weights[copy].copyFrom(weights[0]);
            }
        }
        return weights;
    }

    private void weightLine(int line, float[] into) {
        SplittableRandom random = new SplittableRandom(SEED + line);
        for (int index = 0; index < into.length; index++) {
            into[index] = switch (problem.product()) {
                case FLOATS, HALF_WEIGHTS, BFLOAT_WEIGHTS, BFLOATS -> random.nextFloat() - 0.5f;
                case BYTES -> random.nextInt(-127, 128);
                case NIBBLES -> random.nextInt(Nibbles.LOWEST, Nibbles.HIGHEST + 1);
            };
        }
    }

    private float[] bias() {
        return numbers(problem.columns());
    }

    private float @Nullable [] scales() {
        int scales = problem.product().scales(problem.depth());
        return scales == 0 ? null : numbers(scales * problem.columns());
    }

    /** Numbers that bf16 holds too. */
    private static float[] numbers(int count) {
        float[] numbers = new float[count];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int index = 0; index < count; index++) {
            numbers[index] = random.nextInt(-127, 128) / 256f;
        }
        return numbers;
    }

    private void fillInputs() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int row = 0; row < rows; row++) {
            long start = row * inputStride() * Integer.BYTES;
            switch (problem.product().input()) {
                case FLOATS -> {
                    for (int index = 0; index < problem.depth(); index++) {
                        inputs.set(
                                ValueLayout.JAVA_FLOAT, start + (long) index * Float.BYTES, random.nextFloat() - 0.5f);
                    }
                }
                case BFLOATS -> {
                    for (int index = 0; index < problem.depth(); index++) {
                        short value = Float16.toBfloat16(random.nextFloat() - 0.5f);
                        inputs.set(ValueLayout.JAVA_SHORT, start + (long) index * Short.BYTES, value);
                    }
                }
                case QUANTIZED -> {
                    for (int index = 0; index < problem.depth(); index++) {
                        inputs.set(ValueLayout.JAVA_BYTE, start + index, (byte) random.nextInt(256));
                    }
                    long facts =
                            start + (long) Integer.BYTES * problem.product().words(problem.depth());
                    inputs.set(ValueLayout.JAVA_FLOAT, facts, 1f / problem.depth() / 256);
                    inputs.set(ValueLayout.JAVA_INT, facts + Float.BYTES, random.nextInt(256));
                }
            }
        }
    }

    private MemorySegment allocate(long bytes) {
        return LargePages.allocate(Math.max(bytes, ALIGNMENT), arena);
    }

    private static long lines(int words) {
        return (long) Math.ceilDiv(words, WORDS_IN_LINE) * WORDS_IN_LINE;
    }

    @Override
    public void close() {
        arena.close();
    }
}
