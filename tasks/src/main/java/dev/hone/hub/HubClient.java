package dev.hone.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Asks the hub. Failures of the network are {@link IOException}s, and refusals of the hub {@link HoneException}s. */
final class HubClient implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LARGEST_LISTING_BYTES = 64 << 20;
    private static final String LINKED_TAG = "X-Linked-Etag";
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern CHECKSUM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final HubSettings settings;
    private final HubName name;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();

    /**
     * What a revision holds.
     *
     * @param commit which the revision is now
     * @param files by their paths
     */
    record Listing(String commit, List<String> files) {
        Listing {
            files = List.copyOf(files);
        }
    }

    /**
     * What the hub says of a file.
     *
     * @param checksum names its content
     * @param bytes its length; -1 when it is not told
     */
    record Description(String checksum, long bytes) {}

    HubClient(HubSettings settings, HubName name) {
        this.settings = settings;
        this.name = name;
    }

    /** The files of the revision. */
    Listing list() throws IOException {
        URI address = revision();
        HttpResponse<InputStream> response = follow(address, false, request -> request);
        try (InputStream body = response.body()) {
            requireDone(response, "");
            JsonNode answer = MAPPER.readTree(body.readNBytes(LARGEST_LISTING_BYTES));
            String commit = answer.path("sha").asText("");
            List<String> files = new ArrayList<>();
            for (JsonNode file : answer.path("siblings")) {
                files.add(safe(file.path("rfilename").asText("")));
            }
            if (!COMMIT.matcher(commit).matches()) {
                throw strange(address, "it names no commit");
            }
            return new Listing(commit, files);
        } catch (JsonProcessingException noJson) {
            throw strange(address, "it is not JSON");
        }
    }

    /** Whether the hub knows the repository and lets us see it. */
    boolean isKnown() throws IOException {
        HttpResponse<InputStream> response = follow(revision(), false, request -> request);
        response.body().close();
        if (Set.of(401, 404).contains(response.statusCode())) {
            return false;
        }
        requireDone(response, "");
        return true;
    }

    private URI revision() {
        return address("api/" + name.kind().plural() + "/" + name.id() + "/revision/"
                + URLEncoder.encode(name.revision(), StandardCharsets.UTF_8));
    }

    /** What a file of a commit is, asked without fetching it. */
    Description describe(String commit, String file) throws IOException {
        URI address = file(commit, file);
        // The answer for a large file sends elsewhere for the content, and says all of it that is asked here.
        HttpResponse<InputStream> response =
                follow(address, true, request -> request.method("HEAD", HttpRequest.BodyPublishers.noBody()));
        response.body().close();
        boolean elsewhere = REDIRECTS.contains(response.statusCode());
        if (!elsewhere) {
            requireDone(response, file);
        }
        String tag = header(response, LINKED_TAG, header(response, "ETag", ""));
        String checksum = tag.replaceFirst("^W/", "").replace("\"", "");
        if (!CHECKSUM.matcher(checksum).matches()) {
            throw strange(address, "it names no checksum of the file");
        }
        String length = elsewhere ? "" : header(response, "Content-Length", "");
        return new Description(checksum, number(header(response, "X-Linked-Size", length)));
    }

    /**
     * Opens a file's content.
     *
     * @param from bytes that are there already; status 206 tells that they are left out, 200 that they come again
     */
    HttpResponse<InputStream> open(String commit, String file, long from) throws IOException {
        HttpResponse<InputStream> response = follow(
                file(commit, file),
                false,
                request -> from > 0 ? request.header("Range", "bytes=" + from + "-") : request);
        if (response.statusCode() != 206) {
            requireDone(response, file);
        }
        return response;
    }

    /** Asks, and goes where the answer sends; with {@code toContent} not to where the content of a large file is. */
    private HttpResponse<InputStream> follow(URI start, boolean toContent, UnaryOperator<HttpRequest.Builder> shape)
            throws IOException {
        URI address = start;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = send(shape.apply(request(address)), address);
            boolean described =
                    toContent && response.headers().firstValue(LINKED_TAG).isPresent();
            if (!REDIRECTS.contains(response.statusCode()) || described) {
                return response;
            }
            response.body().close();
            address = next(address, header(response, "Location", ""));
        }
        throw strange(address, "it redirects again and again");
    }

    private URI next(URI address, String location) {
        URI next;
        try {
            next = address.resolve(location);
        } catch (IllegalArgumentException noAddress) {
            throw strange(address, "it redirects to no address");
        }
        if (!Set.of("http", "https").contains(String.valueOf(next.getScheme())) || next.getHost() == null) {
            throw strange(address, "it redirects to no address");
        }
        return next;
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request, URI address) throws IOException {
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HoneException(Category.CLOSED, address + ": interrupted while waiting for the hub", interrupted);
        }
    }

    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(PATIENCE).header("User-Agent", "hone");
        boolean ours = settings.endpoint().getHost().equals(address.getHost())
                && settings.endpoint().getPort() == address.getPort()
                && settings.endpoint().getScheme().equals(address.getScheme());
        settings.token().filter(_ -> ours).ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request;
    }

    private URI file(String commit, String file) {
        String path = Arrays.stream(file.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        return address(name.kind().path() + name.id() + "/resolve/" + commit + "/" + path);
    }

    private URI address(String path) {
        return URI.create(settings.endpoint() + "/" + path);
    }

    private void requireDone(HttpResponse<?> response, String file) {
        int status = response.statusCode();
        if (status == 200) {
            return;
        }
        String what = (file.isEmpty() ? name.toString() : name + ": " + file) + ": ";
        String code = header(response, "X-Error-Code", "");
        throw new HoneException(
                Category.CHECKPOINT,
                what
                        + switch (status) {
                            case 401, 403 -> refusal(code, status);
                            case 404 -> missing(code, file) + " (404) on " + settings.endpoint() + "; check the name";
                            case 429 -> "the hub answers no more for now (429); wait, or set HF_TOKEN";
                            default -> "the hub answers with status " + status + "; try again later";
                        });
    }

    private String refusal(String code, int status) {
        if (code.equals("GatedRepo")) {
            return "gated (" + status + "): accept its terms on " + settings.endpoint() + " and set HF_TOKEN";
        }
        // The hub does not tell strangers which private repositories there are.
        String mend = settings.token().isPresent()
                ? "check the name and what HF_TOKEN may read"
                : "check the name, or set HF_TOKEN";
        return "unknown or private (" + status + ") on " + settings.endpoint() + "; " + mend;
    }

    private static String missing(String code, String file) {
        return switch (code) {
            case "RevisionNotFound" -> "there is no such revision";
            case "EntryNotFound" -> "there is no such file";
            default -> file.isEmpty() ? "there is no such repository" : "there is no such file";
        };
    }

    private HoneException strange(URI address, String what) {
        return new HoneException(
                Category.CHECKPOINT, address + ": not the answer of a hub: " + what + "; check HF_ENDPOINT");
    }

    /** A path from the hub becomes a path in the cache, and must stay in there. */
    private String safe(String file) {
        boolean inside = !file.isEmpty()
                && !file.startsWith("/")
                && file.indexOf('\\') < 0
                && file.indexOf('\0') < 0
                && Arrays.stream(file.split("/", -1))
                        .noneMatch(part -> Set.of("", ".", "..").contains(part));
        if (!inside) {
            throw new HoneException(
                    Category.CHECKPOINT, name + ": the hub lists '" + file + "', which is no path of a file");
        }
        return file;
    }

    private static String header(HttpResponse<?> response, String header, String otherwise) {
        return response.headers().firstValue(header).orElse(otherwise);
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
