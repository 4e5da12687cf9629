package dev.hone.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardsTest {
    @Test
    void shardsFitTheBudget() {
        Map<String, Long> bytes = Map.of("a", 40L, "b", 40L, "c", 200L, "d", 10L, "e", 10L);
        assertThat(Shards.of(bytes, 1, 100)).containsExactly(Set.of("a", "b"), Set.of("c"), Set.of("d", "e"));
        assertThat(Shards.of(bytes, 5, 1000)).hasSize(5);
        assertThat(Shards.of(bytes, 1, 1000)).hasSize(1);
    }
}
