package dev.hone.evaluate.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShardNamesTest {
    private static final Path FIRST = Path.of("test-00000-of-00002-0a1b.parquet");
    private static final Path SECOND = Path.of("test-00001-of-00002-5f2c.parquet");

    @Test
    void partsAreTakenInOrder() {
        List<DataFile> joined = ShardNames.joined(List.of(SECOND, Path.of("dev.jsonl"), FIRST));
        assertThat(joined).hasSize(2);
        assertThat(joined.getLast().shards()).containsExactly(FIRST, SECOND);
    }

    @Test
    void thePartsOfTwoVersionsAreNotMixed() {
        Path other = Path.of("test-00001-of-00002-77d0.parquet");
        assertThatThrownBy(() -> ShardNames.joined(List.of(FIRST, SECOND, other)))
                .isInstanceOf(HoneException.class)
                .hasMessageContainingAll(other.toString(), SECOND.toString(), "keep one of them");
    }
}
