package dev.hone.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/** What stub servers of a hub have in common. */
public final class HubAnswers {
    private HubAnswers() {}

    /** What the hub says of a repository: its commit and the names of its files. */
    public static String listing(String commit, Collection<String> files) {
        String siblings =
                files.stream().map(name -> "{\"rfilename\":\"" + name + "\"}").collect(Collectors.joining(","));
        return "{\"sha\":\"" + commit + "\",\"siblings\":[" + siblings + "]}";
    }

    /** Answers with a text. */
    public static void send(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with some bytes, or with their number where the head alone was asked for. */
    public static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
                exchange.getResponseBody().write(content);
            }
        }
    }
}
