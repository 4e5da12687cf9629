package dev.hone.nativecode.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.BitSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("native")
class ProcessorsTest {
    @BeforeEach
    void requireASystemThatTells() {
        assumeThat(Processors.current())
                .as("optional: this system does not say where threads run")
                .isNotEqualTo(Processors.UNKNOWN);
    }

    @Test
    void aThreadRunsOnOneOfTheProcessorsThatItIsRestrictedTo() {
        int thread = Processors.thread();
        BitSet before = Processors.allowed(thread);
        assertThat(before.get(Processors.current())).isTrue();
        try {
            before.stream().forEach(place -> {
                BitSet one = new BitSet();
                one.set(place);
                assertThat(Processors.restrict(thread, one)).isTrue();
                assertThat(Processors.current()).isEqualTo(place);
            });
        } finally {
            assertThat(Processors.restrict(thread, before)).isTrue();
        }
        assertThat(Processors.allowed(thread)).isEqualTo(before);
    }

    @Test
    void whatTheSystemRefusesChangesNothing() {
        int thread = Processors.thread();
        BitSet before = Processors.allowed(thread);
        BitSet tooFar = new BitSet();
        tooFar.set(1 << 20);
        assertThat(Processors.restrict(thread, new BitSet())).isFalse();
        assertThat(Processors.restrict(thread, tooFar)).isFalse();
        assertThat(Processors.allowed(thread)).isEqualTo(before);
    }
}
