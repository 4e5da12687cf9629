package dev.hone.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.hone.graph.Graph;
import dev.hone.graph.GraphDifference;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.RandomEncoder;
import dev.hone.testkit.ReferenceEncoder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Named transforms on random encoders that were taken apart: numbers stay, reverses undo, and Hone fuses the rest. */
class NamedTransformsFuzzTest {
    /** A product with a power of two becomes a division where none was before. */
    private static final Set<String> NOT_UNDONE_TO_THE_LETTER = Set.of("ChangeTrueDivToMulByInverse");

    @Test
    void numbersStay() {
        int rounds = Fuzz.seconds(4).run(round -> {
            RandomEncoder encoder = RandomEncoder.draw(round);
            TokenBatch batch = encoder.batch(round, 2);
            EncoderOutputs expected = run(encoder.graph(), encoder, batch);
            Graph apart =
                    TransformTesting.apply(new TakeApart(), encoder.graph()).graph();
            compare("TakeApart", encoder, run(apart, encoder, batch), expected);
            for (NamedTransform transform : published()) {
                Graph changed = TransformTesting.apply(transform, apart).graph();
                compare(transform.name(), encoder, run(changed, encoder, batch), expected);
                if (transform.reversal().isPresent()) {
                    Graph back = TransformTesting.apply(transform.reversed(), changed)
                            .graph();
                    compare(transform.name() + " reversed", encoder, run(back, encoder, batch), expected);
                }
            }
        });
        assertThat(rounds).isPositive();
    }

    @Test
    void whatWasTakenApartAndTransformedIsFusedAsBefore() {
        Fuzz.rounds(25).run(round -> {
            Graph fused =
                    Pipelines.INFERENCE.run(RandomEncoder.draw(round).graph()).graph();
            Graph apart = TransformTesting.apply(new TakeApart(), fused).graph();
            same("TakeApart", Pipelines.INFERENCE.run(apart).graph(), fused);
            for (NamedTransform transform : published()) {
                Graph changed = TransformTesting.apply(transform, apart).graph();
                same(transform.name(), Pipelines.INFERENCE.run(changed).graph(), fused);
            }
        });
    }

    @Test
    void reversesUndoToTheLetterAndTransformsAreDoneAfterOneTime() {
        Fuzz.rounds(25).run(round -> {
            Graph fused = RandomEncoder.draw(round).graph();
            Graph apart = TransformTesting.apply(new TakeApart(), fused).graph();
            for (NamedTransform transform : published()) {
                Graph changed = TransformTesting.apply(transform, apart).graph();
                TransformReport.Entry again = TransformTesting.apply(transform, changed)
                        .report()
                        .entries()
                        .getFirst();
                assertThat(again.places())
                        .as("%s, a second time", transform.name())
                        .isEmpty();
                if (transform.reversal().isPresent() && !NOT_UNDONE_TO_THE_LETTER.contains(transform.name())) {
                    same(
                            transform.name() + " reversed",
                            TransformTesting.apply(transform.reversed(), changed)
                                    .graph(),
                            apart);
                }
            }
        });
    }

    private static List<NamedTransform> published() {
        return Transforms.all().stream()
                .filter(transform -> transform.source() != NamedTransform.Source.HONE && transform.keepsNumbers())
                .toList();
    }

    private static void same(String name, Graph graph, Graph expected) {
        assertThat(GraphDifference.between(graph, expected)).as(name).isEmpty();
    }

    private static EncoderOutputs run(Graph graph, RandomEncoder encoder, TokenBatch batch) {
        try (ReferenceEncoder reference = new ReferenceEncoder(graph, encoder.positions())) {
            return reference.run(batch);
        }
    }

    /**
     * The interpreter adds in double precision and rounds each operator's result once, so that the two graphs differ by
     * the roundings of their operators: some forty a layer where it is taken apart, each of half a unit of numbers near
     * the largest, which a normalisation of rows that are nearly constant magnifies by up to 64.
     */
    private static void compare(String name, RandomEncoder encoder, EncoderOutputs found, EncoderOutputs expected) {
        assertThat(found.byName().keySet()).isEqualTo(expected.byName().keySet());
        expected.byName().forEach((outputName, output) -> {
            Output other = found.get(outputName);
            assertThat(other.values()).hasSameSizeAs(output.values()).isNotEmpty();
            double largest = 1;
            for (float value : output.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            double bound = 64 * Math.ulp(0.5f) * 40 * (encoder.layers() + 1) * largest;
            for (int at = 0; at < output.values().length; at++) {
                assertThat((double) other.values()[at])
                        .as("%s: %s[%d]", name, outputName, at)
                        .isCloseTo(output.values()[at], offset(bound));
            }
        });
    }
}
