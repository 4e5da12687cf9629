package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.sweep.Setting;
import dev.hone.sweep.SweepRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SweepTableTest {
    @Test
    void aSweepThatWasCutShortDoesNotSayThatAllSettingsHadTheValuesOfTheFirst() {
        Setting first = new Setting(Map.of("engine", "onnxruntime", "level", "O1"));
        Setting second = new Setting(Map.of("engine", "onnxruntime", "level", "O2"));
        SweepRow measured = new SweepRow(1, first, 0, null, null, "");
        SweepTable table = SweepTable.of(List.of(measured), List.of(), (_, _) -> 0);
        assertThat(table.notes(List.of(first, second))).containsExactly("all settings: engine=onnxruntime");
    }
}
