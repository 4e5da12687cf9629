package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.tensor.Float16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("native")
class AttentionKernelTest {
    private static final int[] HEAD_SIZES = {1, 3, 10, 16, 26, 32, 64, 80};
    private static final int[] LENGTHS = {1, 2, 5, 8, 13, 16, 17, 31, 64, 65, 130, 255, 256, 257, 300};

    static Stream<AttentionKernel> kernels() {
        Isa best = Machine.detect().isa();
        return Arrays.stream(Isa.values())
                .filter(best::includes)
                .flatMap(isa -> Arrays.stream(HEAD_SIZES).boxed().flatMap(size -> kernels(isa, size)));
    }

    static Stream<AttentionKernel> kernels(Isa isa, int size) {
        float scale = (float) (1 / Math.sqrt(size));
        AttentionKernel plain = new AttentionKernel(isa, size, scale, RowForm.FLOATS, RowForm.FLOATS);
        return isa.hasBfloatProducts() && size % 2 == 0
                ? Stream.of(plain, new AttentionKernel(isa, size, scale, RowForm.BFLOATS, RowForm.FLOATS))
                : Stream.of(plain);
    }

    /** Queries, keys and values of one buffer with rows before and behind the sequence. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Problem(AttentionKernel kernel, int heads, int firstRow, int length, float[] qkv) {
        int width() {
            return heads * kernel.headSize();
        }

        double[] expected(int head, int query) {
            int size = kernel.headSize();
            double[] weights = new double[length];
            double most = Double.NEGATIVE_INFINITY;
            for (int key = 0; key < length; key++) {
                for (int column = 0; column < size; column++) {
                    weights[key] += (double) at(query, head * size + column)
                            * at(key, width() + head * size + column)
                            * kernel.scale();
                }
                most = Math.max(most, weights[key]);
            }
            double sum = 0;
            double[] result = new double[size];
            for (int key = 0; key < length; key++) {
                double weight = Math.exp(weights[key] - most);
                sum += weight;
                for (int column = 0; column < size; column++) {
                    result[column] += weight * at(key, 2 * width() + head * size + column);
                }
            }
            for (int column = 0; column < size; column++) {
                result[column] /= sum;
            }
            return result;
        }

        private float at(int row, int column) {
            return qkv[(firstRow + row) * 3 * width() + column];
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreesWithDoubleArithmetic(AttentionKernel kernel) {
        try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
            for (int length : LENGTHS) {
                Problem problem = draw(kernel, 2, 3, length, 11L * length);
                MemorySegment out = run(fixture, problem, 0, 2);
                int compared = 0;
                for (int query = 0; query < length; query += 1 + length / 40) {
                    for (int head = 0; head < 2; head++) {
                        compared += compare(problem, out, head, query);
                    }
                }
                assertThat(compared).isGreaterThan(0);
            }
        }
    }

    /**
     * Values are within [-1, 1] and scores within size · scale, so a score is off by at most (size + 2) ulp of that; a
     * weight by that much and 2 ulp of its own; the sums of weights and of products by (length + 2) ulp more. A weight
     * in bf16 is off by half of its 2⁻⁸ more.
     */
    private static int compare(Problem problem, MemorySegment out, int head, int query) {
        int size = problem.kernel().headSize();
        double[] expected = problem.expected(head, query);
        double score = size * problem.kernel().scale() * 4;
        double bound = Math.ulp(1f) * ((size + 4) * score + 2.0 * problem.length() + 8);
        if (problem.kernel().input() == RowForm.BFLOATS) {
            bound += 0x1p-9;
        }
        int stride = KernelFixture.stride(problem.width());
        for (int column = 0; column < size; column++) {
            float actual = KernelFixture.get(out, stride, problem.firstRow() + query, head * size + column);
            assertThat((double) actual)
                    .as(
                            "%s length %d query %d head %d column %d",
                            problem.kernel().line(), problem.length(), query, head, column)
                    .isCloseTo(expected[column], offset(bound));
        }
        return size;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aSequenceHasTheSameBitsWhereverItStands(AttentionKernel kernel) {
        try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
            for (int length : new int[] {1, 7, 33, 270}) {
                Problem early = draw(kernel, 3, 0, length, 5);
                Problem late = new Problem(kernel, 3, 4, length, shifted(early, 4));
                MemorySegment first = run(fixture, early, 0, 3);
                MemorySegment second = run(fixture, late, 1, 3);
                int stride = KernelFixture.stride(early.width());
                for (int query = 0; query < length; query++) {
                    for (int column = kernel.headSize(); column < early.width(); column++) {
                        assertThat(KernelFixture.get(second, stride, query + 4, column))
                                .isEqualTo(KernelFixture.get(first, stride, query, column));
                    }
                }
            }
        }
    }

    /** The order of every sum is the same wherever there is fused multiply-add. */
    @Test
    void instructionSetsWithFusedMultiplyAddGiveTheSameBits() {
        giveTheSameBits(KernelFixture.instructionSets()
                .filter(isa -> isa != Isa.GENERIC)
                .toList());
    }

    static void giveTheSameBits(List<Isa> fused) {
        for (int length : new int[] {1, 40, 270}) {
            List<MemorySegment> answers = new ArrayList<>();
            try (Arena arena = Arena.ofConfined()) {
                for (Isa isa : fused) {
                    AttentionKernel kernel = new AttentionKernel(isa, 26, 0.2f, RowForm.FLOATS, RowForm.FLOATS);
                    try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
                        MemorySegment answer = run(fixture, draw(kernel, 2, 0, length, 3), 0, 2);
                        answers.add(arena.allocate(answer.byteSize()).copyFrom(answer));
                    }
                }
                assertThat(answers)
                        .allSatisfy(answer ->
                                assertThat(answer.mismatch(answers.getFirst())).isEqualTo(-1));
            }
        }
    }

    private static float[] shifted(Problem problem, int rows) {
        float[] moved = new float[problem.qkv().length + rows * 3 * problem.width()];
        System.arraycopy(problem.qkv(), 0, moved, rows * 3 * problem.width(), problem.qkv().length);
        return moved;
    }

    private static Problem draw(AttentionKernel kernel, int heads, int firstRow, int length, long seed) {
        int values = (firstRow + length) * 3 * heads * kernel.headSize();
        float[] qkv = KernelFixture.random(new SplittableRandom(seed), values);
        // Some strong scores, so that the running maximum moves from block to block.
        for (int index = 0; index < qkv.length; index += 97) {
            qkv[index] *= 4;
        }
        limitValues(qkv, heads * kernel.headSize());
        for (int index = 0; index < qkv.length && kernel.input() == RowForm.BFLOATS; index++) {
            qkv[index] = Float16.fromBfloat16(Float16.toBfloat16(qkv[index]));
        }
        return new Problem(kernel, heads, firstRow, length, qkv);
    }

    private static void limitValues(float[] qkv, int width) {
        for (int index = 0; index < qkv.length; index++) {
            if (index % (3 * width) >= 2 * width) {
                qkv[index] = Math.clamp(qkv[index], -1f, 1f);
            }
        }
    }

    private static MemorySegment run(KernelFixture fixture, Problem problem, int firstHead, int endHead) {
        AttentionKernel kernel = problem.kernel();
        int rows = problem.firstRow() + problem.length();
        MemorySegment qkv = kernel.input() == RowForm.BFLOATS
                ? fixture.bfloatMatrix(problem.qkv(), rows, 3 * problem.width())
                : fixture.matrix(problem.qkv(), rows, 3 * problem.width());
        int strideQkv = KernelFixture.stride(kernel.input().words(3 * problem.width()));
        long stride = KernelFixture.stride(problem.width());
        MemorySegment out = fixture.guarded(rows * stride * 4);
        MemorySegment scratch = fixture.guarded(kernel.scratchBytes(problem.length()));
        List<Object> arguments = new ArrayList<>(List.of(qkv, (long) strideQkv));
        arguments.addAll(List.of(out, stride, scratch, (long) problem.firstRow(), (long) problem.length()));
        arguments.addAll(List.of((long) firstHead, (long) endHead, (long) problem.width()));
        fixture.run(kernel, arguments.toArray());
        fixture.checkGuards();
        return out;
    }
}
