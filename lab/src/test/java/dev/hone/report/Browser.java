package dev.hone.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.Shared;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A Chromium without a window that is told what to do by its debugging protocol. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final WebSocket socket;

    private Browser(Process process, String debugger) throws IOException, InterruptedException {
        this.process = process;
        URI list = URI.create(debugger.replace("ws://", "http://").replaceFirst("/devtools/.*", "/json/list"));
        String pages = client.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString())
                .body();
        String page = Stream.of(JSON.readValue(pages, JsonNode[].class))
                .filter(target -> target.get("type").asText().equals("page"))
                .map(target -> target.get("webSocketDebuggerUrl").asText())
                .findFirst()
                .orElseThrow();
        this.socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(page), new Listener())
                .join();
        List.of("Runtime", "Log", "Page", "Network").forEach(domain -> call(domain + ".enable", Map.of()));
    }

    /** Starts a browser; the test is skipped where there is none. */
    static Browser start(Path folder) throws IOException, InterruptedException {
        Optional<Path> program = find();
        Assumptions.assumeTrue(
                program.isPresent(), () -> Shared.OPTIONAL + "there is no Chromium; HONE_CHROMIUM names one");
        Process process = new ProcessBuilder(
                        program.orElseThrow().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder.resolve("browser"),
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new Browser(process, debugger(process));
        } catch (IOException | InterruptedException | RuntimeException failure) {
            process.destroyForcibly();
            throw failure;
        }
    }

    private static Optional<Path> find() {
        String named = System.getenv("HONE_CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The browser tells its address among its complaints, which are read on so that it never waits for a reader. */
    private static String debugger(Process process) {
        CompletableFuture<String> address = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().unstarted(() -> {
            try (BufferedReader lines = process.errorReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("DevTools listening on ")) {
                        address.complete(line.substring(line.indexOf("ws://")));
                    }
                }
            } catch (IOException ended) {
                address.completeExceptionally(ended);
            }
            address.completeExceptionally(new IOException("the browser ended before it could be reached"));
        });
        reader.start();
        return address.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Sends one command of the protocol and waits for what it gives. */
    JsonNode call(String method, Map<String, ?> parameters) {
        int number = calls.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(number, answer);
        Map<String, ?> message = Map.of("id", number, "method", method, "params", parameters);
        socket.sendText(JSON.valueToTree(message).toString(), true).join();
        JsonNode given = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (given.has("error")) {
            throw new IllegalStateException(method + ": " + given.get("error"));
        }
        return given.get("result");
    }

    /** Opens a page and waits until it is drawn. */
    void open(Path page) {
        complaints.clear();
        requests.clear();
        call("Page.navigate", Map.of("url", page.toUri().toString()));
        await("document.readyState === 'complete' && location.protocol === 'file:'");
        for (int frame = 0; frame < 3; frame++) {
            run("new Promise(done => requestAnimationFrame(done))");
        }
    }

    void await(String condition) {
        run("new Promise(done => { const look = () => (" + condition + ") ? done() : setTimeout(look, 20); look(); })");
    }

    /** What an expression gives in the page; an error in it is thrown here. */
    JsonNode run(String expression) {
        JsonNode given =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (given.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + given.get("exceptionDetails"));
        }
        return given.path("result").path("value");
    }

    /** Presses one key where the focus is. */
    void press(String key) {
        for (String type : List.of("keyDown", "keyUp")) {
            call("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key));
        }
    }

    /** Errors, warnings and unhandled exceptions since the page was opened. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Addresses that were asked for since the page was opened. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    private void hear(JsonNode message) {
        if (message.has("id")) {
            Optional.ofNullable(waiting.remove(message.get("id").asInt()))
                    .ifPresent(answer -> answer.complete(message));
            return;
        }
        JsonNode about = message.path("params");
        switch (message.get("method").asText()) {
            case "Runtime.exceptionThrown" -> complaints.add(about.toString());
            case "Log.entryAdded" -> complaints.add(about.toString());
            case "Runtime.consoleAPICalled" -> complaints.add(about.toString());
            case "Network.requestWillBeSent" ->
                requests.add(about.path("request").path("url").asText());
            default -> {
                // Other events say nothing about the page.
            }
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final List<CharSequence> parts = new ArrayList<>();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            parts.add(text.toString());
            if (last) {
                String whole = String.join("", parts);
                parts.clear();
                try {
                    hear(JSON.readTree(whole));
                } catch (IOException unexpected) {
                    complaints.add(whole);
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }
}
