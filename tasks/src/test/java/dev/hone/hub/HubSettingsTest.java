package dev.hone.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.hub.HubName.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HubSettingsTest {
    @Test
    void obeysTheVariablesOfOtherTools(@TempDir Path home) throws IOException {
        HubSettings bare = HubSettings.of(Map.of());
        assertThat(bare.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(bare.cache())
                .hasToString(Path.of(System.getProperty("user.home"), ".cache", "huggingface", "hub")
                        .toString());
        assertThat(bare.offline()).isFalse();

        Files.writeString(home.resolve("token"), "hf_file\n");
        HubSettings given = HubSettings.of(
                Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", "http://mirror:8080/hub/", "HF_HUB_OFFLINE", "Yes"));
        assertThat(given.endpoint()).isEqualTo(URI.create("http://mirror:8080/hub"));
        assertThat(given.cache()).isEqualTo(home.resolve("hub"));
        assertThat(given.token()).contains("hf_file");
        assertThat(given.offline()).isTrue();

        HubSettings others = HubSettings.of(Map.of("XDG_CACHE_HOME", "/x", "HF_TOKEN", "hf_a", "HF_HUB_OFFLINE", "0"));
        assertThat(others.cache()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(others.token()).contains("hf_a");
        assertThat(others.offline()).isFalse();
        assertThat(HubSettings.of(Map.of("HF_HUB_CACHE", "/y")).cache()).isEqualTo(Path.of("/y"));
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "mirror")))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("https://HOST");
    }

    @Test
    void tellsNamesFromPaths() {
        assertThat(HubName.model("sentence-transformers/all-MiniLM-L6-v2")).hasValueSatisfying(name -> {
            assertThat(name.folder()).isEqualTo("models--sentence-transformers--all-MiniLM-L6-v2");
            assertThat(name.revision()).isEqualTo("main");
        });
        assertThat(HubName.model("a/b@refs/pr/1")).map(HubName::revision).contains("refs/pr/1");
        assertThat(HubName.model("hf:bert-base-uncased")).map(HubName::id).contains("bert-base-uncased");
        assertThat(HubName.model("./model")).isEmpty();
        assertThat(HubName.model("/models/x")).isEmpty();
        assertThat(HubName.model("a/b/c")).isEmpty();
        assertThat(HubName.model("model")).isEmpty();
        assertThat(HubName.model("exports/model.onnx")).isEmpty();
        assertThat(HubName.model("either / or")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b/c", "../x", "a/..", "a--b/c", "a/b@", "a/b@../x", "a b/c", "/a", "a/"})
    void refusesWhatIsNoName(String text) {
        assertThatThrownBy(() -> HubName.parse(Kind.MODEL, text))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("no name on the hub");
    }
}
