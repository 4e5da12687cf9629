package dev.hone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void labelsChooseTheirValue() {
        List<Integer> numbers = List.of(1, 2);
        assertThat(NearestName.choose("number", "TWO", numbers, number -> number == 1 ? "one" : "two"))
                .isEqualTo(2);
        assertThatThrownBy(() -> NearestName.choose("number", "onne", List.of(1), _ -> "one"))
                .isInstanceOf(HoneException.class)
                .hasMessage("unknown number 'onne': use one of one; did you mean one?");
    }

    @Test
    void editsAreInsertionsDeletionsAndReplacements() {
        assertThat(NearestName.edits("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.edits("", "abc")).isEqualTo(3);
    }
}
