package dev.hone.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hone.testkit.HubAnswers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A hub with one repository, on this machine: small files come from it, large ones from a second address, as the real
 * one hands them out.
 */
public final class HubStub implements AutoCloseable {
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final String repository;
    private final HttpServer hub;
    private final HttpServer store;
    private final Map<String, byte[]> small = new TreeMap<>();
    private final Map<String, byte[]> large = new TreeMap<>();
    private final Map<String, String> checksums = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();

    /** What the listing is answered with when it is not the files: status and error code. */
    private int status = 200;

    private String errorCode = "";
    private String listing = "";
    /** Bytes of a large file after which the line goes dead; 0 for never. */
    private int cutAfter;

    /** @param repository such as {@code models/owner/name} */
    public HubStub(String repository) throws IOException {
        this.repository = repository;
        this.hub = server(this::answer);
        this.store = server(this::answerFromStore);
    }

    private static HttpServer server(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    public URI endpoint() {
        return URI.create("http://localhost:" + hub.getAddress().getPort());
    }

    public HubStub small(String file, String content) {
        return small(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A file that comes from the hub itself, called by git's checksum. */
    public HubStub small(String file, byte[] content) {
        small.put(file, content);
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        checksums.put(file, hash("SHA-1", head, content));
        return this;
    }

    /** A file that comes from elsewhere, called by its SHA-256. */
    public HubStub large(String file, byte[] content) {
        large.put(file, content);
        checksums.put(file, hash("SHA-256", content));
        return this;
    }

    HubStub refusing(int refusal, String code) {
        status = refusal;
        errorCode = code;
        return this;
    }

    HubStub listing(String json) {
        listing = json;
        return this;
    }

    HubStub cuttingAfter(int bytes) {
        cutAfter = bytes;
        return this;
    }

    HubStub checksum(String file, String checksum) {
        checksums.put(file, checksum);
        return this;
    }

    String checksum(String file) {
        return checksums.getOrDefault(file, "");
    }

    /** Requests so far, {@code METHOD PATH}, with what was told of the range and of who asks. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    synchronized void forgetRequests() {
        requests.clear();
    }

    private synchronized void note(String place, HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(place + exchange.getRequestMethod() + " " + exchange.getRequestURI()
                + (range == null ? "" : " " + range) + (token == null ? "" : " " + token));
    }

    private void answer(HttpExchange exchange) throws IOException {
        note("", exchange);
        String path = exchange.getRequestURI().getRawPath();
        String owned = repository.startsWith("models/") ? repository.substring("models/".length()) : repository;
        String files = "/" + owned + "/resolve/" + COMMIT + "/";
        if (path.startsWith("/api/" + repository + "/revision/")) {
            list(exchange);
        } else if (path.startsWith(files)) {
            file(exchange, path.substring(files.length()));
        } else {
            exchange.getResponseHeaders().add("X-Error-Code", "RepoNotFound");
            HubAnswers.send(exchange, 404, new byte[0]);
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        if (status != 200) {
            exchange.getResponseHeaders().add("X-Error-Code", errorCode);
            HubAnswers.send(exchange, status, new byte[0]);
            return;
        }
        String json = listing.isEmpty() ? HubAnswers.listing(COMMIT, checksums.keySet()) : listing;
        HubAnswers.send(exchange, 200, json.getBytes(StandardCharsets.UTF_8));
    }

    private void file(HttpExchange exchange, String file) throws IOException {
        byte[] content = small.get(file);
        exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
        if (content != null) {
            exchange.getResponseHeaders().add("ETag", "\"" + checksum(file) + "\"");
            HubAnswers.send(exchange, 200, content);
        } else if (large.containsKey(file)) {
            exchange.getResponseHeaders().add("ETag", "\"elsewhere\"");
            exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + checksum(file) + "\"");
            exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(large.get(file).length));
            exchange.getResponseHeaders()
                    .add("Location", "http://localhost:" + store.getAddress().getPort() + "/" + file);
            HubAnswers.send(exchange, 302, new byte[0]);
        } else {
            exchange.getResponseHeaders().add("X-Error-Code", "EntryNotFound");
            HubAnswers.send(exchange, 404, new byte[0]);
        }
    }

    private void answerFromStore(HttpExchange exchange) throws IOException {
        note("store ", exchange);
        byte[] content = Objects.requireNonNull(
                large.get(exchange.getRequestURI().getPath().substring(1)));
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
        int count = content.length - from;
        if (range != null) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, count);
        try (exchange;
                OutputStream body = exchange.getResponseBody()) {
            body.write(content, from, cutAfter == 0 ? count : Math.min(count, cutAfter));
        }
    }

    private static String hash(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
    }
}
