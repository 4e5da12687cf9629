package dev.hone.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FidelityTest {
    private static final List<SamplePair> PAIRS = List.of(
            new SamplePair(5, "east", "also east"),
            new SamplePair(0, "east", "west"),
            new SamplePair(2, "east", "north"));

    private static final Map<String, float[]> ORIGINAL = Map.of(
            "east", new float[] {1, 0},
            "also east", new float[] {2, 0},
            "north", new float[] {0, 1},
            "west", new float[] {-1, 0});

    @Test
    void aCopyIsFaithful() {
        Fidelity fidelity = Fidelity.of(PAIRS, ORIGINAL, ORIGINAL);
        assertThat(fidelity.texts()).isEqualTo(4);
        assertThat(fidelity.worstCosine()).isEqualTo(1);
        assertThat(fidelity.meanCosine()).isEqualTo(1);
        assertThat(fidelity.largestAbsolute()).isZero();
        assertThat(fidelity.largestRelative()).isZero();
        assertThat(fidelity.originalSpearman()).isCloseTo(1, within(1e-12));
        assertThat(fidelity.isFaithful()).isTrue();
    }

    @Test
    void oneTurnedVectorIsSeen() {
        Map<String, float[]> candidate = Map.of(
                "east", new float[] {1, 0},
                "also east", new float[] {2, 0},
                "north", new float[] {-1, 0},
                "west", new float[] {0, 1});
        Fidelity fidelity = Fidelity.of(PAIRS, ORIGINAL, candidate);
        assertThat(fidelity.worstCosine()).isZero();
        assertThat(fidelity.meanCosine()).isEqualTo(0.5);
        assertThat(fidelity.largestAbsolute()).isEqualTo(1);
        assertThat(fidelity.largestRelative()).isEqualTo(0.5);
        // Cosines 1, 0, -1 for the grades 5, 0, 2: ranks 3 2 1 against 3 1 2.
        assertThat(fidelity.candidateSpearman()).isCloseTo(0.5, within(1e-12));
        assertThat(fidelity.isFaithful()).isFalse();
    }

    @Test
    void whatIsNotANumberIsNeverFaithful() {
        Map<String, float[]> candidate = Map.of(
                "east", new float[] {1, 0},
                "also east", new float[] {2, 0},
                "north", new float[] {0, 1},
                "west", new float[] {Float.NaN, 0});
        Fidelity fidelity = Fidelity.of(PAIRS, ORIGINAL, candidate);
        assertThat(fidelity.worstCosine()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(fidelity.largestAbsolute()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(fidelity.isFaithful()).isFalse();
    }

    @Test
    void missingTextsAreAnError() {
        assertThatThrownBy(() -> Fidelity.of(PAIRS, ORIGINAL, Map.of("east", new float[] {1, 0})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no embedding");
    }

    @Test
    void theBundledSampleIsVariedAndGraded() {
        List<SamplePair> pairs = SamplePair.bundled();
        assertThat(pairs).hasSizeGreaterThanOrEqualTo(200).doesNotHaveDuplicates();
        assertThat(pairs).allSatisfy(pair -> {
            assertThat(pair.grade()).isBetween(0.0, 5.0);
            assertThat(pair.first()).isNotBlank().isNotEqualTo(pair.second());
            assertThat(pair.second()).isNotBlank();
        });
        assertThat(pairs.stream().map(SamplePair::grade).distinct()).hasSizeGreaterThanOrEqualTo(10);
        List<Integer> words = SamplePair.texts(pairs).stream()
                .map(text -> text.split(" ", -1).length)
                .toList();
        assertThat(words).anyMatch(count -> count <= 3).anyMatch(count -> count >= 100);
        assertThat(SamplePair.texts(pairs)).doesNotHaveDuplicates().anyMatch(text -> text.contains("ř"));
    }
}
