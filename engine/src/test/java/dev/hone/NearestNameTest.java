package dev.hone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    @Test
    void misspellingsFindTheirName() {
        assertThat(NearestName.of("benchmrak", List.of("infer", "benchmark"))).contains("benchmark");
        assertThat(NearestName.question("ifner", List.of("infer"))).isEqualTo("; did you mean infer?");
    }

    @Test
    void wordsThatAreNoMisspellingGetNoSuggestion() {
        assertThat(NearestName.of("photosynthesis", List.of("infer", "benchmark")))
                .isEmpty();
        assertThat(NearestName.question("photosynthesis", List.of("infer"))).isEmpty();
    }

    @Test
    void editsAreInsertionsDeletionsAndReplacements() {
        assertThat(NearestName.edits("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.edits("", "abc")).isEqualTo(3);
    }
}
