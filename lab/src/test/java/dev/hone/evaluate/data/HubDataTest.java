package dev.hone.evaluate.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hone.HoneException;
import dev.hone.hub.Hub;
import dev.hone.hub.HubListener;
import dev.hone.hub.HubSettings;
import dev.hone.testkit.HubAnswers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a hub on this machine that knows one data set, {@code glue}, and calls it {@code owner/glue} now. */
final class HubDataTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final List<String> FILES = List.of(
            "README.md",
            "sst2/train.jsonl",
            "sst2/validation.jsonl",
            "sst2/test.jsonl",
            "mnli/validation_matched.jsonl",
            "mnli/validation_mismatched.jsonl",
            "cut/train-00000-of-00002.jsonl",
            "cut/validation-00000-of-00003-5f2c.jsonl",
            "cut/validation-00001-of-00003-0a1b.jsonl",
            "cut/validation-00002-of-00003-77d0.jsonl");

    @TempDir
    private Path home;

    private HttpServer server = create();

    private static HttpServer create() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @BeforeEach
    void start() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String files = "/resolve/" + COMMIT + "/";
        if (path.equals("/api/datasets/glue/revision/main")) {
            exchange.getResponseHeaders().add("Location", "/api/datasets/owner/glue/revision/main");
            HubAnswers.send(exchange, 307, "");
        } else if (path.equals("/api/datasets/owner/glue/revision/main")) {
            HubAnswers.send(exchange, 200, HubAnswers.listing(COMMIT, FILES));
        } else if (path.startsWith("/datasets/") && path.contains(files)) {
            exchange.getResponseHeaders().add("ETag", "\"" + Integer.toHexString(path.hashCode()) + "\"");
            String name = path.substring(path.indexOf(files) + files.length());
            HubAnswers.send(exchange, 200, "{\"sentence\": \"" + name + "\", \"label\": 1}\n");
        } else {
            HubAnswers.send(exchange, 401, "");
        }
    }

    @Test
    void takesTheValidationPartOfTheNamedFolder() {
        assertThat(text("hf:glue/sst2", false)).isEqualTo("sst2/validation.jsonl");
        assertThat(text("hf:owner/glue/mnli/validation_mismatched", false))
                .isEqualTo("mnli/validation_mismatched.jsonl");
        assertThat(text("hf:glue/sst2/test", false)).isEqualTo("sst2/test.jsonl");
        assertThat(text("hf:glue/sst2", true)).isEqualTo("sst2/validation.jsonl");
    }

    @Test
    void takesTheFilesOfAPartThatWasCutOneAfterTheOther() {
        List<String> parts = List.of(FILES.get(7), FILES.get(8), FILES.get(9));
        assertThat(texts("hf:glue/cut", false)).isEqualTo(parts);
        assertThat(texts("hf:glue/cut", true)).isEqualTo(parts);
    }

    @Test
    void saysWhichPartIsNotThere() {
        assertThatThrownBy(() -> text("hf:glue/cut/train", false))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("train-*-of-00002.jsonl: of 2 parts there are only 1");
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> text("hf:glue/mnli", false))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("hf:glue/mnli: several files fit: [mnli/validation_matched.jsonl, ");
        assertThatThrownBy(() -> text("hf:glue/cola", false))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("hf:glue/cola: no file for sst2");
        assertThatThrownBy(() -> text("hf:blue", false))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("blue: unknown or private (401)");
        assertThatThrownBy(() -> text("hf:blue", true))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("HF_HUB_OFFLINE");
    }

    private String text(String place, boolean offline) {
        return texts(place, offline).getFirst();
    }

    private List<String> texts(String place, boolean offline) {
        URI endpoint = URI.create("http://localhost:" + server.getAddress().getPort());
        Hub hub =
                new Hub(new HubSettings(endpoint, home.resolve("hub"), Optional.empty(), offline), HubListener.SILENT);
        DataFile file = HubData.find(place, DataTask.SST2, hub);
        List<String> texts = new ArrayList<>();
        try (Rows rows = DataSets.open(file, DataTask.SST2, Columns.parse(List.of()))) {
            for (Example row = rows.next(); row != null; row = rows.next()) {
                texts.add(row.input().text());
            }
        }
        return texts;
    }
}
