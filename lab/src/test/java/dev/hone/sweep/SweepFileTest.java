package dev.hone.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.evaluate.data.DataTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SweepFileTest {
    private static final String HEAD = "task: sst2\ndata: dev.tsv\n";

    @TempDir
    private Path folder;

    private SweepFile read(String text) throws IOException {
        return SweepFile.read(Files.writeString(folder.resolve("sweep.yaml"), text));
    }

    @Test
    void valuesAloneAreListsOfOneAndNamesAreThoseOfTheOptions() throws IOException {
        Files.createFile(folder.resolve("dev.tsv"));
        SweepFile file = read(HEAD + """
                model: somewhere/else
                repeats: 5
                optimize: {level: o2, disable-gelu: [false, true]}
                quantize:
                  mode: dynamic
                  operators: [default, MatMul, [Gather, MatMul], "MatMul,Gather"]
                """);
        assertThat(file.task()).isEqualTo(DataTask.SST2);
        assertThat(file.model()).isEqualTo("somewhere/else");
        assertThat(file.data().path()).isEqualTo(folder.resolve("dev.tsv").toString());
        assertThat(file.repeats()).isEqualTo(5);
        assertThat(file.grid().settings())
                .as("the last two operator lists are the same")
                .hasSize(6);
        assertThat(file.grid().settings().getFirst())
                .hasToString("level=O2 disable_gelu=false mode=dynamic operators=default");
    }

    @Test
    void rowsMayBeDescribed() throws IOException {
        SweepFile file = read("task: sst2\ndata: {path: d.csv, samples: 7, seed: -3, column: [text=content]}\n");
        assertThat(file.data()).isEqualTo(new SweepFile.Data("d.csv", 7, -3, List.of("text=content")));
        assertThat(file.effects()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "repaets: 3                       | 3:1: unknown name 'repaets'; did you mean repeats?",
                "repeats: 0                       | 3:10: '0': give a whole number from 1",
                "repeats:                         | one value is expected",
                "optimize: {disable_gelo: true}   | 3:12: unknown name 'disable_gelo'; did you mean disable_gelu?",
                "optimize: {disable_gelu: maybe}  | 3:26: unknown value 'maybe': use one of true, false",
                "optimize: O2                     | 3:11: names and values are expected",
                "optimize: {level: [O1, O7]}      | 3:24: there is no level O7",
                "quantize: {preset: avx51}        | 3:20: unknown preset 'avx51'",
                "quantize: {mode: dinamic}        | did you mean dynamic?",
                "quantize: {mode: []}             | mode has no value",
                "quantize: {mode: [[none]]}       | one value is expected",
                "quantize: {calibration_percentile: 20} | above 50",
                "quantize: {calibration_shards: 0} | 3:32: '0': give a whole number from 1",
                "quantize: {memory_budget: lots}  | 3:27: 'lots': give a whole number from 1",
                "engine: [onnxruntime, tensorflow] | unknown engine",
            })
    void whatIsWrongIsSaidWithItsPlace(String line, String message) {
        assertRefused(line, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task: sst2                       | 3:1: 'task' was given in line 1",
                "model: &a x                      | 3:8: anchors and aliases are not taken",
                "model: *a                        | anchors and aliases are not taken",
                "model: !!java.net.URL x          | the tag tag:yaml.org,2002:java.net.URL is not taken",
                "model: [[[[[[[[x]]]]]]]]         | lists in lists of lists",
                "? [a] : b                        | a name is expected",
                "model: [a                        | not YAML",
            })
    void whatYamlOffersBeyondValuesIsRefused(String line, String message) {
        assertRefused(line, message);
    }

    @Test
    void filesThatAreNoListsOfSettingsAreRefused() throws IOException {
        assertThatThrownBy(() -> read("")).hasMessageContaining("nothing is in it");
        assertThatThrownBy(() -> read("- a\n- b\n")).hasMessageContaining("names and values are expected");
        assertThatThrownBy(() -> read(HEAD + "---\na: b\n")).hasMessageContaining("a second document");
        assertThatThrownBy(() -> read("data: x\n")).hasMessageContaining("'task' is missing");
        assertThatThrownBy(() -> read("[".repeat(YamlReader.MOST_BYTES))).hasMessageContaining("lists in lists");
        assertThatThrownBy(() -> read(" ".repeat(YamlReader.MOST_BYTES + 1))).hasMessageContaining("bytes");
        Files.write(folder.resolve("sweep.yaml"), "task: é".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> SweepFile.read(folder.resolve("sweep.yaml"))).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> SweepFile.read(folder)).hasMessageContaining("cannot be read");
    }

    @Test
    void gridsThatNobodyCouldMeasureAreRefused() {
        String many = "[false, true]";
        assertThatThrownBy(() -> read(HEAD + "optimize: {disable_gelu: " + many + ", disable_layer_norm: " + many
                        + ", disable_attention: " + many + ", disable_bias_gelu: " + many + ", use_mask_index: " + many
                        + ", disable_skip_layer_norm: " + many + ", level: [1, 2, 99, O1, O2, O3]}\n"
                        + "quantize: {per_channel: " + many + ", reduce_range: " + many + ", weights: [u8, s8],"
                        + " mode: [none, dynamic, static], preset: [arm64, avx2]}\n"))
                .hasMessageContaining("combinations; the most is 10000");
    }

    private void assertRefused(String line, String message) {
        assertThatThrownBy(() -> read(HEAD + line + "\n"))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("sweep.yaml:")
                .hasMessageContaining(message);
    }
}
