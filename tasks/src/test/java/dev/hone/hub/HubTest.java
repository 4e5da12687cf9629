package dev.hone.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.hub.HubName.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a hub on this machine; nothing outside of it is asked. */
final class HubTest {
    private static final HubName NAME = HubName.parse(Kind.MODEL, "owner/name");
    private static final byte[] WEIGHTS = new byte[200_000];

    @TempDir
    private Path home;

    private final List<String> said = new ArrayList<>();
    private HubStub stub = stub();

    private static HubStub stub() {
        try {
            return new HubStub("models/owner/name");
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @BeforeEach
    void fillTheHub() {
        for (int index = 0; index < WEIGHTS.length; index++) {
            WEIGHTS[index] = (byte) (index * 31);
        }
        stub.small("config.json", "{}")
                .small("tokenizer.json", "{\"a\": 1}")
                .small("1_Pooling/config.json", "{\"b\": 2}")
                .small("README.md", "long")
                .large("model.safetensors", WEIGHTS)
                .large("pytorch_model.bin", WEIGHTS)
                .large("onnx/model.onnx", WEIGHTS);
    }

    @AfterEach
    void closeTheHub() {
        stub.close();
    }

    @Test
    void fetchesWhatIsNeededIntoTheCommonLayout() throws IOException {
        Path folder = online().model(NAME);
        Path repository = home.resolve("hub").resolve("models--owner--name");
        assertThat(folder).isEqualTo(repository.resolve("snapshots").resolve(HubStub.COMMIT));
        assertThat(repository.resolve("refs/main")).hasContent(HubStub.COMMIT);
        assertThat(HubCache.files(folder))
                .containsExactly("1_Pooling/config.json", "config.json", "model.safetensors", "tokenizer.json");
        assertThat(folder.resolve("model.safetensors")).isSymbolicLink().hasBinaryContent(WEIGHTS);
        assertThat(Files.readSymbolicLink(folder.resolve("1_Pooling/config.json")))
                .isEqualTo(Path.of("../../../blobs", stub.checksum("1_Pooling/config.json")));
        assertThat(repository.resolve("blobs")).isDirectoryNotContaining("glob:**incomplete");
        assertThat(stub.requests()).noneMatch(request -> request.contains("README") || request.contains("onnx"));
        assertThat(said).containsSubsequence("fetching model.safetensors 200000", "received 200000");

        stub.forgetRequests();
        assertThat(online().model(NAME)).isEqualTo(folder);
        assertThat(stub.requests()).singleElement().asString().contains("/revision/main");
    }

    @Test
    void readsWhatOtherToolsPutThere() throws IOException {
        Path repository = home.resolve("hub").resolve("models--owner--name");
        String commit = "f".repeat(40);
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(commit));
        Files.createDirectories(repository.resolve("blobs"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), commit);
        Files.writeString(repository.resolve("blobs/abc"), "{}");
        Files.write(repository.resolve("blobs/def"), WEIGHTS);
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/abc"));
        assertThatThrownBy(() -> offline().model(NAME))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("owner/name: not, or not completely, in")
                .hasMessageContaining("HF_HUB_OFFLINE");
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/def"));
        assertThat(offline().model(NAME)).isEqualTo(snapshot);
        assertThat(offline().model(HubName.parse(Kind.MODEL, "owner/name@" + commit)))
                .isEqualTo(snapshot);
        assertThat(online().model(HubName.parse(Kind.MODEL, "owner/name@" + commit)))
                .isEqualTo(snapshot);
        assertThat(stub.requests()).isEmpty();
    }

    /** Of what was sent, the last part may be lost on its way when the connection breaks. */
    @Test
    void goesOnWhereItWasInterrupted() {
        stub.cuttingAfter(70_000);
        assertThatThrownBy(() -> online().model(NAME))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("run this again to go on from there");
        stub.cuttingAfter(0);
        stub.forgetRequests();
        assertThat(online().model(NAME).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(stub.requests()).last().asString().matches("store GET /model\\.safetensors bytes=[1-9]\\d{4}-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors"})
    void throwsAwayWhatDoesNotHaveItsChecksum(String file) {
        String wrong = "0".repeat(stub.checksum(file).length());
        stub.checksum(file, wrong);
        assertThatThrownBy(() -> online().model(NAME))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(file + ": what came does not have the checksum " + wrong);
        assertThat(home.resolve("hub/models--owner--name/blobs")).isDirectoryNotContaining("glob:**" + wrong + "*");
    }

    @Test
    void aLargerLeftoverIsNotUsed() throws IOException {
        Path blobs = Files.createDirectories(home.resolve("hub/models--owner--name/blobs"));
        Files.write(blobs.resolve(stub.checksum("model.safetensors") + ".incomplete"), new byte[300_000]);
        assertThat(online().model(NAME).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | RepoNotFound | unknown or private (401) | set HF_TOKEN",
                "403 | GatedRepo | gated (403): accept its terms | set HF_TOKEN",
                "404 | RepoNotFound | there is no such repository (404) | check the name",
                "404 | RevisionNotFound | there is no such revision (404) | check the name",
                "429 | '' | the hub answers no more for now (429) | wait",
                "500 | '' | the hub answers with status 500 | try again later"
            })
    void tellsWhyItRefuses(int status, String code, String what, String mend) {
        stub.refusing(status, code);
        assertThatThrownBy(() -> online().model(NAME))
                .isInstanceOf(HoneException.class)
                .hasMessageStartingWith("owner/name: " + what)
                .hasMessageContaining(mend);
    }

    @Test
    void withoutANetworkTakesWhatIsThereAndSaysSo() {
        Path folder = online().model(NAME);
        stub.close();
        assertThat(online().model(NAME)).isEqualTo(folder);
        assertThat(said.getLast()).contains("cannot be reached").contains("as it was fetched before");
        assertThatThrownBy(() -> online().model(HubName.parse(Kind.MODEL, "owner/other")))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("owner/other: " + stub.endpoint() + " cannot be reached")
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void theTokenGoesToTheHubOnly() {
        HubSettings settings = new HubSettings(stub.endpoint(), home.resolve("hub"), Optional.of("hf_secret"), false);
        new Hub(settings, HubListener.SILENT).model(NAME);
        assertThat(stub.requests())
                .allMatch(request -> request.startsWith("store ") != request.endsWith("Bearer hf_secret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"sha\": \"COMMIT\", \"siblings\": [{\"rfilename\": \"../x\"}]} | no path of a file",
                "{\"sha\": \"COMMIT\", \"siblings\": [{\"rfilename\": \"/etc/x\"}]} | no path of a file",
                "{\"sha\": \"../..\", \"siblings\": []} | names no commit",
                "{\"sha\": \"COMMIT\", \"siblings\": []} | none of model.safetensors",
                "<html> | not JSON"
            })
    void doesNotTrustTheListing(String json, String what) {
        stub.listing(json.replace("COMMIT", HubStub.COMMIT));
        assertThatThrownBy(() -> online().model(NAME))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(what);
    }

    @Test
    void doesNotTrustChecksums() {
        stub.checksum("config.json", "../../../x");
        assertThatThrownBy(() -> online().model(NAME))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("names no checksum");
    }

    @Test
    void saysWhenTheCacheCannotBeUsed() throws IOException {
        Files.writeString(home.resolve("hub"), "a file");
        assertThatThrownBy(() -> online().model(NAME))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("HF_HOME");
    }

    @Test
    void shardsMustBeComplete() {
        HubName name = HubName.parse(Kind.MODEL, "owner/name");
        List<String> files = List.of(
                "config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors", "x.safetensors");
        assertThatThrownBy(() -> ModelChoice.of(name, files)).hasMessageContaining("only 1 shards");
        List<String> all = new ArrayList<>(files);
        all.add("model-00002-of-00002.safetensors");
        assertThat(ModelChoice.of(name, all))
                .contains("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
                .doesNotContain("x.safetensors");
        assertThat(ModelChoice.of(name, List.of("onnx/model.onnx", "onnx/model.onnx_data", "onnx/model_O2.onnx")))
                .containsExactly("onnx/model.onnx", "onnx/model.onnx_data");
    }

    private Hub online() {
        return hub(stub.endpoint(), false);
    }

    private Hub offline() {
        return hub(stub.endpoint(), true);
    }

    private Hub hub(URI endpoint, boolean offline) {
        HubListener listener = new HubListener() {
            private long bytes;

            @Override
            public void say(String sentence) {
                said.add(sentence);
            }

            @Override
            public void fetching(String file, long expected) {
                said.add("fetching " + file + " " + expected);
                bytes = 0;
            }

            @Override
            public void received(long more) {
                bytes += more;
                said.add("received " + bytes);
            }

            @Override
            public void finished() {}
        };
        return new Hub(new HubSettings(endpoint, home.resolve("hub"), Optional.empty(), offline), listener);
    }
}
