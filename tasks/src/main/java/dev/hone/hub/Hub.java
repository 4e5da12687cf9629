package dev.hone.hub;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.hub.HubClient.Listing;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Files of the Hugging Face hub, fetched once into the cache that other tools use too.
 *
 * <p>What those have put there is used; only files that are needed and not there are fetched.
 */
public final class Hub {
    private final HubSettings settings;
    private final HubListener listener;

    /** Says which of a repository's files are needed. */
    @FunctionalInterface
    public interface Choice {
        /**
         * Chooses.
         *
         * @param files all paths in the repository
         * @throws HoneException when what is needed is not among them
         */
        List<String> of(List<String> files);
    }

    public Hub(HubSettings settings, HubListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /** The hub as the environment variables of this process describe it. */
    public static Hub ofEnvironment(HubListener listener) {
        return new Hub(HubSettings.of(System.getenv()), listener);
    }

    /**
     * A folder with a model's configuration, tokenizer and weights.
     *
     * @throws HoneException when it cannot be had; the message says why and what helps
     */
    public Path model(HubName name) {
        return fetch(name, files -> ModelChoice.of(name, files));
    }

    /** A folder with the chosen files of a repository. */
    public Path fetch(HubName name, Choice choice) {
        HubCache cache = new HubCache(settings.cache(), name);
        try {
            if (settings.offline() || name.isCommit()) {
                Optional<Path> there = complete(cache, choice);
                if (there.isPresent()) {
                    return there.get();
                }
            }
            if (settings.offline()) {
                throw new HoneException(
                        Category.CHECKPOINT,
                        name + ": not, or not completely, in " + settings.cache()
                                + ", and HF_HUB_OFFLINE forbids to fetch it; unset that, or give a local path");
            }
            return online(name, cache, choice);
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    settings.cache() + ": the cache of the hub cannot be used: " + failure
                            + "; choose another folder with HF_HOME",
                    failure);
        }
    }

    /** The first of several readings of a name that the hub, or without it the cache, knows; the last one otherwise. */
    public HubName firstKnown(List<HubName> readings) {
        for (HubName name : readings.subList(0, readings.size() - 1)) {
            if (isKnown(name)) {
                return name;
            }
        }
        return readings.getLast();
    }

    private boolean isKnown(HubName name) {
        try {
            if (new HubCache(settings.cache(), name).known().isPresent()) {
                return true;
            }
            if (settings.offline()) {
                return false;
            }
            try (HubClient client = new HubClient(settings, name)) {
                return client.isKnown();
            }
        } catch (IOException unreachable) {
            // Whoever takes the name next meets the same failure, and tells it.
            return false;
        }
    }

    private Path online(HubName name, HubCache cache, Choice choice) throws IOException {
        try (HubClient client = new HubClient(settings, name)) {
            Listing listing;
            try {
                listing = client.list();
            } catch (IOException unreachable) {
                return withoutNetwork(name, cache, choice, unreachable);
            }
            HubDownload download = new HubDownload(client, cache, listener);
            try {
                for (String file : choice.of(listing.files())) {
                    fetch(name, download, listing.commit(), file);
                }
            } finally {
                listener.finished();
            }
            cache.remember(listing.commit());
            return cache.snapshot(listing.commit());
        }
    }

    private void fetch(HubName name, HubDownload download, String commit, String file) throws FileSystemException {
        try {
            download.fetch(commit, file);
        } catch (FileSystemException ofTheCache) {
            throw ofTheCache;
        } catch (IOException failure) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    name + ": " + file + ": fetching it failed: " + reason(failure)
                            + "; run this again to go on from there",
                    failure);
        }
    }

    private Path withoutNetwork(HubName name, HubCache cache, Choice choice, IOException unreachable)
            throws IOException {
        String why = settings.endpoint() + " cannot be reached: " + reason(unreachable);
        Path there = complete(cache, choice)
                .orElseThrow(() -> new HoneException(
                        Category.CHECKPOINT,
                        name + ": " + why + "; check the network, name a mirror with HF_ENDPOINT, or give a local path",
                        unreachable));
        listener.say(why + "; taking " + name + " as it was fetched before, from " + there);
        return there;
    }

    private static String reason(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** The known snapshot, if it has all that is chosen from it. */
    private static Optional<Path> complete(HubCache cache, Choice choice) throws IOException {
        Optional<Path> known = cache.known();
        if (known.isEmpty()) {
            return known;
        }
        List<String> files = HubCache.files(known.get());
        try {
            return Set.copyOf(files).containsAll(choice.of(files)) ? known : Optional.empty();
        } catch (HoneException incomplete) {
            return Optional.empty();
        }
    }

    /** Whether nothing local stands where a name points, so that the name is meant for the hub. */
    public static boolean isFree(String word) {
        if (word.startsWith(HubName.SCHEME)) {
            return !Files.exists(Path.of(word));
        }
        Path path = Path.of(word);
        Path folder = path.getParent();
        return !Files.exists(path) && (folder == null || !Files.exists(folder));
    }
}
