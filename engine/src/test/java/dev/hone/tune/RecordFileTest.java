package dev.hone.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.kernel.Activation;
import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearProduct;
import dev.hone.kernel.LinearSchedule;
import dev.hone.kernel.RowForm;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records on disk, and which of them a plan takes. */
final class RecordFileTest {
    private static final LinearProblem PROBLEM =
            new LinearProblem(Isa.GENERIC, LinearProduct.FLOATS, Activation.NONE, RowForm.FLOATS, 64, 32);
    private static final LinearSchedule SCHEDULE = new LinearSchedule(3, 3, 4096, 65536, 192, 32);
    private static final Machine MACHINE = Machine.detect();

    @TempDir
    private Path directory;

    @Test
    void recordsComeBackAsTheyWere() {
        RecordFile file = RecordFile.at(directory.resolve("new/records.jsonl"));
        assertThat(file.read()).isEmpty();
        TuningRecord first = record(SCHEDULE, 0.875);
        TuningRecord second = record(PROBLEM.usualSchedule(), 1);
        file.append(first);
        file.append(second);
        assertThat(file.read()).containsExactly(first, second);
    }

    /** Records from before blocks of the depth and bands were searched. */
    @Test
    void recordsWithoutTheLaterKeysHaveTheUsualValues() throws IOException {
        Path path = Files.writeString(directory.resolve("records.jsonl"), line("") + "\n");
        assertThat(RecordFile.at(path).read())
                .extracting(TuningRecord::schedule)
                .containsExactly(new LinearSchedule(8, 3, 0, 65536));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"depth_block\":-1,",
                "\"depth_block\":1.5,",
                "\"depth_block\":null,",
                "\"band_rows\":\"2\",",
                "\"band_rows\":99999999999,"
            })
    void wrongBlocksAndBandsAreRefused(String wrong) throws IOException {
        Path path = Files.writeString(directory.resolve("records.jsonl"), line(wrong) + "\n");
        assertThatThrownBy(() -> RecordFile.at(path).read())
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("records.jsonl, record 1: " + wrong.split("\"", -1)[1]);
    }

    private static String line(String more) {
        return "{\"problem\":\"p\",\"processor\":\"c\",\"rows\":8,\"vectors\":3,\"fetch_ahead\":0,"
                + "\"block_bytes\":65536,"
                + more + "\"ratio\":0.9,\"low95\":0.8,\"high95\":0.95,\"rounds\":9,\"time\":\"t\"}";
    }

    @Test
    void anInterruptedLineIsNotReadAndMakesRoom() throws IOException {
        Path path = directory.resolve("records.jsonl");
        RecordFile file = RecordFile.at(path);
        TuningRecord record = record(SCHEDULE, 0.9);
        file.append(record);
        Files.writeString(path, "{\"problem\":\"lin", StandardOpenOption.APPEND);
        assertThat(file.read()).containsExactly(record);
        file.append(record);
        assertThat(file.read()).containsExactly(record, record);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{}",
                "[]",
                "{\"problem\":\"p\",\"processor\":\"c\",\"rows\":0}",
                "{\"problem\":\"p\",\"processor\":\"c\",\"rows\":8,\"vectors\":3,\"fetch_ahead\":0,"
                        + "\"block_bytes\":99999999999}"
            })
    void damagedLinesAreRefusedWithTheirPlace(String line) throws IOException {
        Path path = Files.writeString(directory.resolve("records.jsonl"), line + "\n");
        assertThatThrownBy(() -> RecordFile.at(path).read())
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("records.jsonl, record 1");
    }

    @Test
    void whatCannotBeWrittenIsSaid() throws IOException {
        Path occupied = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(
                        () -> RecordFile.at(occupied.resolve("records.jsonl")).append(record(SCHEDULE, 0.9)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("--records");
    }

    @Test
    void shippedRecordsAreReadable() {
        assertThat(RecordFile.shipped()).allSatisfy(record -> {
            assertThat(record.problem()).startsWith("linear isa=");
            assertThat(record.gain().ratio()).isLessThanOrEqualTo(1);
        });
    }

    @Test
    void theRecordThatGainedMoreStays() {
        TuningRecord small = record(PROBLEM.usualSchedule(), 1);
        TuningRecord large = record(SCHEDULE, 0.8);
        assertThat(TuningRecords.of(List.of(small, large)).all()).containsExactly(large);
        assertThat(TuningRecords.of(List.of(large)).with(List.of(small)).all()).containsExactly(large);
        assertThat(TuningRecords.of(List.of(small, large)).on(MACHINE).of(PROBLEM))
                .isEqualTo(SCHEDULE);
    }

    @Test
    void recordsOfOtherProcessorsAndProblemsAreLeftAlone() {
        TuningRecord other = new TuningRecord(PROBLEM.line(), "another", SCHEDULE, gain(0.5), "2026-01-01T00:00:00Z");
        LinearProblem wider =
                new LinearProblem(Isa.GENERIC, LinearProduct.FLOATS, Activation.NONE, RowForm.FLOATS, 64, 33);
        assertThat(TuningRecords.of(List.of(other)).on(MACHINE).of(PROBLEM)).isEqualTo(PROBLEM.usualSchedule());
        assertThat(TuningRecords.of(List.of(record(SCHEDULE, 0.8))).on(MACHINE).of(wider))
                .isEqualTo(wider.usualSchedule());
    }

    @Test
    void tilesThatTheRegistersDoNotHoldAreLeftAlone() {
        TuningRecord huge = record(new LinearSchedule(60, 60, 0, 65536), 0.1);
        assertThat(TuningRecords.of(List.of(huge)).on(MACHINE).of(PROBLEM)).isEqualTo(PROBLEM.usualSchedule());
    }

    private static TuningRecord record(LinearSchedule schedule, double ratio) {
        return new TuningRecord(PROBLEM.line(), MACHINE.model(), schedule, gain(ratio), "2026-01-01T00:00:00Z");
    }

    private static Gain gain(double ratio) {
        return new Gain(ratio, ratio, ratio, 9);
    }
}
