package dev.hone.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hone.optimize.SamplePair;
import dev.hone.testkit.HubAnswers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A hub on this machine with one data set of graded pairs, {@code owner/pairs}, whose test part is cut into files. */
record StubHub(HttpServer server, Map<String, String> files, Queue<String> fetched) implements AutoCloseable {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    static StubHub ofPairs(int parts) throws IOException {
        List<SamplePair> pairs = SamplePair.bundled();
        Map<String, String> files = new TreeMap<>(Map.of("README.md", "Pairs.", "data/train.jsonl", "{}"));
        for (int part = 0; part < parts; part++) {
            StringBuilder rows = new StringBuilder();
            for (int row = part; row < pairs.size(); row += parts) {
                SamplePair pair = pairs.get(row);
                rows.append("{\"text_a\": \"%s\", \"text_b\": \"%s\", \"score\": %s}\n"
                        .formatted(pair.first(), pair.second(), pair.grade()));
            }
            files.put("data/test-%05d-of-%05d.jsonl".formatted(part, parts), rows.toString());
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        StubHub hub = new StubHub(server, files, new ConcurrentLinkedQueue<>());
        server.createContext("/", hub::answer);
        server.start();
        return hub;
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** The files that were fetched so far. */
    List<String> served() {
        return List.copyOf(fetched);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String place = "/datasets/owner/pairs/resolve/" + COMMIT + "/";
        if (path.equals("/api/datasets/owner/pairs/revision/main")) {
            HubAnswers.send(exchange, 200, HubAnswers.listing(COMMIT, files.keySet()));
        } else if (path.startsWith(place) && files.containsKey(path.substring(place.length()))) {
            String name = path.substring(place.length());
            exchange.getResponseHeaders().add("ETag", "\"" + Integer.toHexString(name.hashCode()) + "\"");
            if (exchange.getRequestMethod().equals("GET")) {
                fetched.add(name);
            }
            HubAnswers.send(exchange, 200, Objects.requireNonNull(files.get(name)));
        } else {
            HubAnswers.send(exchange, 404, "");
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
