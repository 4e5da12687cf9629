package dev.hone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.runtime.BufferPlan.Buffer;
import dev.hone.runtime.BufferPlan.Extent;
import dev.hone.runtime.BufferPlan.Span;
import dev.hone.testkit.Fuzz;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BufferPlanTest {
    private static final int STEPS = 40;

    @Test
    void valuesThatMayBeInUseTogetherLieApart() {
        Fuzz.rounds(300).run(round -> {
            int[] stages = stages(round);
            List<Buffer> buffers = new ArrayList<>();
            for (int count = round.between(1, 30); count > 0; count--) {
                int first = round.between(0, STEPS - 1);
                int last = round.between(first, Math.min(STEPS - 1, first + 8));
                buffers.add(new Buffer(
                        round.oneOf(Extent.ROWS, Extent.ROWS, Extent.SEQUENCES),
                        16 * round.between(1, 4),
                        new Span(first, last),
                        new Span(stages[first], stages[last])));
            }
            BufferPlan plan = BufferPlan.of(buffers);
            for (int one = 0; one < buffers.size(); one++) {
                for (int other = 0; other < one; other++) {
                    assertThat(harmless(plan, one, other))
                            .as("%s and %s", buffers.get(one), buffers.get(other))
                            .isTrue();
                }
            }
        });
    }

    private static int[] stages(Fuzz.Round round) {
        int[] stages = new int[STEPS];
        for (int step = 1; step < STEPS; step++) {
            stages[step] = stages[step - 1] + round.between(0, 1);
        }
        return stages;
    }

    private static boolean harmless(BufferPlan plan, int one, int other) {
        Buffer a = plan.buffers().get(one);
        Buffer b = plan.buffers().get(other);
        int start = plan.offset(one);
        int otherStart = plan.offset(other);
        boolean apart = start + a.width() <= otherStart || otherStart + b.width() <= start;
        boolean rowOnRow =
                start == otherStart && a.width() == b.width() && !a.steps().meets(b.steps());
        return apart || a.extent() != b.extent() || !a.stages().meets(b.stages()) || rowOnRow;
    }

    @Test
    void valuesTakeEachOthersPlace() {
        Span stage = new Span(0, 0);
        List<Buffer> sameWidth = List.of(
                new Buffer(Extent.ROWS, 64, new Span(0, 1), stage), new Buffer(Extent.ROWS, 64, new Span(2, 3), stage));
        assertThat(BufferPlan.of(sameWidth).width(Extent.ROWS)).isEqualTo(64);
        List<Buffer> otherWidth = List.of(
                new Buffer(Extent.ROWS, 64, new Span(0, 1), stage), new Buffer(Extent.ROWS, 32, new Span(2, 3), stage));
        assertThat(BufferPlan.of(otherWidth).width(Extent.ROWS))
                .as("row 1 of the second would lie in row 0 of the first, which another worker may still read")
                .isEqualTo(96);
        List<Buffer> otherStage = List.of(
                new Buffer(Extent.ROWS, 64, new Span(0, 1), stage),
                new Buffer(Extent.ROWS, 32, new Span(2, 3), new Span(1, 1)));
        assertThat(BufferPlan.of(otherStage).width(Extent.ROWS)).isEqualTo(64);
    }
}
