package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole road: the embedded model, compiled, from text to vector. */
@Tag("native")
class EmbeddedEmbedderTest {
    @Test
    void textsOfLikeMeaningAreNear() {
        try (var embedder = Hone.embedded().embedder()) {
            float[][] vectors = embedder.embed(List.of(
                    "A man is playing a guitar.",
                    "Someone plays an instrument.",
                    "The stock market fell on Friday.",
                    "",
                    "A man is playing a guitar."));
            assertThat(dot(vectors[0], vectors[0])).isBetween(1 - 1e-5, 1 + 1e-5);
            assertThat(dot(vectors[0], vectors[1])).isGreaterThan(0.4).isGreaterThan(dot(vectors[0], vectors[2]) + 0.2);
            assertThat(vectors[4]).isEqualTo(vectors[0]);
            assertThat(embedder.embed("A man is playing a guitar.")).isEqualTo(vectors[0]);
            assertThat(embedder.maximumLength()).isEqualTo(256);
        }
    }

    @Test
    void saysThatThereIsNoModel(@TempDir Path empty) {
        assertThatThrownBy(() -> Hone.load(empty.resolve("absent"))).isInstanceOf(HoneException.class);
        assertThatThrownBy(() -> Hone.load(empty)).isInstanceOf(HoneException.class);
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int index = 0; index < left.length; index++) {
            sum += (double) left[index] * right[index];
        }
        return sum;
    }
}
