package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import dev.hone.testkit.Fuzz;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A depth that is cut into blocks gives the bits of one that is not. */
@Tag("native")
class DepthBlockFuzzTest {
    private static final int CASES = 3;

    /** One layer, and how its depth is cut. */
    private record Cut(LinearCase layer, RowForm output, int depthBlock, int blockBytes) {
        LinearKernel kernel(LinearSchedule schedule) {
            return new LinearKernel(
                    layer.isa(),
                    layer.product(),
                    Activation.RELU,
                    output,
                    layer.layout().tailVectors(),
                    schedule);
        }

        LinearKernel whole() {
            return kernel(layer.layout().schedule());
        }

        LinearKernel inBlocks() {
            return kernel(layer.layout().schedule().withDepthBlock(depthBlock).withBlockBytes(blockBytes));
        }

        List<Kernel> kernels() {
            List<Kernel> kernels = new ArrayList<>(layer.kernels());
            kernels.add(whole());
            kernels.add(inBlocks());
            return kernels;
        }

        /** @return values that were compared */
        int check(KernelFixture fixture) {
            LinearCase.Operands operands = layer.operands(fixture);
            long bytes = 4L * layer.rows() * KernelFixture.stride(layer.columns());
            long[] all = {0, layer.rows(), 0, layer.layout().panels()};
            MemorySegment expected = fixture.allocate(bytes).fill((byte) 0);
            layer.run(fixture, whole(), operands, expected, all);
            MemorySegment output = fixture.guarded(bytes).fill((byte) 0);
            layer.run(fixture, inBlocks(), operands, output, all);
            fixture.checkGuards();
            assertThat(output.mismatch(expected))
                    .as("first other byte of %s, %s", layer, inBlocks().line())
                    .isEqualTo(-1);
            return layer.rows() * layer.columns();
        }
    }

    /** Depths, rows and columns around the edges of blocks, tiles and panels. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.LinearKernelTest#products")
    void blocksOfTheDepthChangeNoBit(Isa isa, LinearProduct product) {
        Fuzz.rounds(1).run(round -> {
            List<Cut> cuts = new ArrayList<>();
            for (int index = 0; index < CASES; index++) {
                cuts.add(draw(round, isa, product));
            }
            check(cuts);
        });
    }

    /** More rows than sums fit the stack. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void manyRowsAreCutToWhatTheStackHolds(Isa isa) {
        LinearProduct product = LinearProduct.FLOATS;
        int rows = LinearSchedule.of(isa, product).mostRowsInBlock(isa) + 3;
        Fuzz.rounds(1).run(round -> {
            LinearCase layer = new LinearCase(isa, product, rows, 70, 3, round.random());
            check(List.of(new Cut(layer, RowForm.FLOATS, 8, 1 << 24)));
        });
    }

    private static void check(List<Cut> cuts) {
        List<Kernel> kernels =
                cuts.stream().flatMap(cut -> cut.kernels().stream()).distinct().toList();
        int compared = 0;
        try (KernelFixture fixture = new KernelFixture(kernels)) {
            for (Cut cut : cuts) {
                compared += cut.check(fixture);
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    private static Cut draw(Fuzz.Round round, Isa isa, LinearProduct product) {
        LinearSchedule schedule = LinearSchedule.of(isa, product);
        int words = product.wordsPerStep() * round.oneOf(1, 3, 8, 13);
        int depth = Math.max(1, words * product.depthsPerWord() * round.between(1, 3) + round.between(-2, 2));
        int rows = Math.max(1, schedule.rows() * round.oneOf(1, 8, 9) + round.between(-1, 1));
        int columns = Math.max(1, schedule.vectors() * isa.lanes() * round.between(0, 2) + round.between(1, 40));
        RowForm output = isa.hasBfloatProducts() ? round.oneOf(RowForm.FLOATS, RowForm.BFLOATS) : RowForm.FLOATS;
        LinearCase layer = new LinearCase(isa, product, rows, depth, columns, round.random());
        return new Cut(layer, output, words, round.oneOf(1, 1 << 19));
    }
}
