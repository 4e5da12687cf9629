package dev.hone.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.HoneException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MostLossTest {
    @Test
    void aPercentageIsAPartOfTheOriginalsScore() {
        assertThat(MostLoss.parse("1%").points(90)).isCloseTo(0.9, within(1e-12));
        assertThat(MostLoss.parse(" 0.5 %").points(-40)).isCloseTo(0.2, within(1e-12));
        assertThat(MostLoss.parse("1%")).hasToString("1%");
    }

    @Test
    void aNumberIsInPointsWhateverTheScore() {
        assertThat(MostLoss.parse("0.5").points(90)).isEqualTo(0.5);
        assertThat(MostLoss.parse("0.5").points(10)).isEqualTo(0.5);
        assertThat(MostLoss.parse("0.5")).hasToString("0.5");
        assertThat(MostLoss.parse("20")).hasToString("20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "a lot", "-1%", "101%", "NaN", "200", "1%%"})
    void anythingElseIsRefused(String wrong) {
        assertThatThrownBy(() -> MostLoss.parse(wrong))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("--max-loss")
                .hasMessageContaining("such as 1%");
    }
}
