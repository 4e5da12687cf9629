package dev.hone.nativecode.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("native")
class LargePagesTest {
    @ParameterizedTest
    @ValueSource(longs = {64, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 5_000_001})
    void memoryHoldsZerosAndEndsWhereItWasAskedTo(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = LargePages.allocate(bytes, arena);
            assertThat(memory.byteSize()).isEqualTo(bytes);
            assertThat(memory.address() % 64).isZero();
            assertThat(memory.mismatch(arena.allocate(bytes))).isEqualTo(-1);
            memory.fill((byte) 7);
            assertThat(memory.get(ValueLayout.JAVA_BYTE, bytes - 1)).isEqualTo((byte) 7);
        }
    }

    @Test
    void memoryLivesAsLongAsItsArena() {
        MemorySegment memory;
        try (Arena arena = Arena.ofShared()) {
            memory = LargePages.allocate(3 << 20, arena);
        }
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void moreMemoryThanThereIsIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> LargePages.allocate(1L << 55, arena))
                    .isInstanceOf(HoneException.class)
                    .hasMessageContaining("refused");
        }
    }
}
