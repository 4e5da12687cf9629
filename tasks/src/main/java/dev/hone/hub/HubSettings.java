package dev.hone.hub;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the hub and its cache are.
 *
 * @param endpoint address of the hub or of a mirror, without a slash at its end
 * @param cache the folder that holds a folder for each repository
 * @param token says who asks; sent to the endpoint and to nobody else
 * @param offline whether only the cache is used
 */
public record HubSettings(URI endpoint, Path cache, Optional<String> token, boolean offline) {
    private static final String PUBLIC = "https://huggingface.co";
    private static final Set<String> YES = Set.of("1", "on", "yes", "true");

    /**
     * The settings that other tools of the hub obey too: {@code HF_ENDPOINT}, {@code HF_HUB_CACHE}, {@code HF_HOME},
     * {@code XDG_CACHE_HOME}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE} and
     * {@code TRANSFORMERS_OFFLINE}.
     *
     * @param environment names and values; an empty value counts as none
     */
    public static HubSettings of(Map<String, String> environment) {
        Path home = value(environment, "HF_HOME")
                .map(Path::of)
                .orElseGet(() -> value(environment, "XDG_CACHE_HOME")
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("huggingface"));
        Path cache = value(environment, "HF_HUB_CACHE").map(Path::of).orElseGet(() -> home.resolve("hub"));
        boolean offline = isYes(environment, "HF_HUB_OFFLINE") || isYes(environment, "TRANSFORMERS_OFFLINE");
        return new HubSettings(
                endpoint(value(environment, "HF_ENDPOINT").orElse(PUBLIC)), cache, token(environment, home), offline);
    }

    private static URI endpoint(String text) {
        try {
            URI address = new URI(text.replaceAll("/+$", ""));
            if (address.getHost() != null && Set.of("http", "https").contains(String.valueOf(address.getScheme()))) {
                return address;
            }
        } catch (URISyntaxException noAddress) {
            throw new HoneException(
                    Category.USAGE, "HF_ENDPOINT '" + text + "' is no address; write https://HOST", noAddress);
        }
        throw new HoneException(Category.USAGE, "HF_ENDPOINT '" + text + "' is no address; write https://HOST");
    }

    private static Optional<String> token(Map<String, String> environment, Path home) {
        Optional<String> given = value(environment, "HF_TOKEN");
        if (given.isPresent()) {
            return given.map(String::strip);
        }
        Path file = value(environment, "HF_TOKEN_PATH").map(Path::of).orElseGet(() -> home.resolve("token"));
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new HoneException(
                    Category.USAGE, file + ": the token for the hub cannot be read; give it as HF_TOKEN", unreadable);
        }
    }

    private static boolean isYes(Map<String, String> environment, String name) {
        return value(environment, name)
                .filter(text -> YES.contains(text.toLowerCase(Locale.ROOT)))
                .isPresent();
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }
}
