package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.hone.HoneException;
import dev.hone.hub.Hub;
import dev.hone.hub.HubListener;
import dev.hone.hub.HubSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a model is looked for: first on disk, then on the hub. */
final class ModelArgumentTest {
    @TempDir
    private Path folder;

    @Test
    void aLocalPathWins() throws IOException {
        Path local = Files.createDirectories(folder.resolve("owner/name"));
        Hub nowhere = hub(URI.create("http://localhost:1"), true);
        assertThat(ModelArgument.existing(local, nowhere)).isEqualTo(local);
    }

    @Test
    void aNameIsAskedOfTheHub() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            Hub hub = hub(URI.create("http://localhost:" + server.getAddress().getPort()), false);
            for (String word : List.of("hone-no-owner/model", "hf:hone-no-model")) {
                assertThatThrownBy(() -> ModelArgument.existing(Path.of(word), hub))
                        .isInstanceOf(HoneException.class)
                        .hasMessageContaining("there is no such repository (404)");
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aMistypedPathIsNotAskedOfTheHub() throws IOException {
        Path models = Files.createDirectory(folder.resolve("models"));
        Hub nowhere = hub(URI.create("http://localhost:1"), false);
        for (Path path : List.of(models.resolve("minilm"), Path.of("src/minilm"), Path.of("minilm"))) {
            assertThatThrownBy(() -> ModelArgument.existing(path, nowhere))
                    .isInstanceOf(HoneException.class)
                    .hasMessageContaining("no such file or directory")
                    .hasMessageContaining("OWNER/NAME");
        }
    }

    @Test
    void textsAreNoNames() {
        StringWriter said = new StringWriter();
        ModelArgument argument = ModelArgument.of(List.of("hello", "either or/and"), new PrintWriter(said));
        assertThat(argument.texts()).containsExactly("hello", "either or/and");
        assertThat(said.toString()).contains("bundled");
    }

    private Hub hub(URI endpoint, boolean offline) {
        return new Hub(new HubSettings(endpoint, folder.resolve("hub"), Optional.empty(), offline), HubListener.SILENT);
    }
}
