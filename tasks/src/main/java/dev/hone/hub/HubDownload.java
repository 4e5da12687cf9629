package dev.hone.hub;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.hub.HubClient.Description;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fetches one file's content into the cache.
 *
 * <p>It is written beside its place, where an interrupted fetch goes on later, and renamed when its length and checksum
 * are right.
 */
final class HubDownload {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int PARTIAL = 206;
    private static final double MEGABYTE = 1e6;
    /** File locks hold processes apart, and this the threads of this one. */
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    private final HubClient client;
    private final HubCache cache;
    private final HubListener listener;

    HubDownload(HubClient client, HubCache cache, HubListener listener) {
        this.client = client;
        this.cache = cache;
        this.listener = listener;
    }

    /** Makes the file of a commit be there. */
    void fetch(String commit, String file) throws IOException {
        if (Files.isRegularFile(cache.snapshot(commit).resolve(file))) {
            return;
        }
        Description description = client.describe(commit, file);
        Path blob = cache.blob(description.checksum());
        Path lock = cache.lock(description.checksum());
        Files.createDirectories(blob.resolveSibling("."));
        Files.createDirectories(lock.resolveSibling("."));
        IN_THIS_PROCESS.lock();
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid() && !Files.isRegularFile(blob)) {
                download(commit, file, description, blob);
            }
        } finally {
            IN_THIS_PROCESS.unlock();
        }
        cache.link(commit, file, blob);
    }

    private void download(String commit, String file, Description description, Path blob) throws IOException {
        Path part = blob.resolveSibling(blob.getFileName() + ".incomplete");
        long there = Files.isRegularFile(part) ? Files.size(part) : 0;
        if (description.bytes() >= 0 && there > description.bytes()) {
            Files.delete(part);
            there = 0;
        }
        requireSpace(part, description.bytes() - there);
        listener.fetching(file, description.bytes());
        if (there != description.bytes()) {
            receive(commit, file, part, there);
        }
        requireWhole(file, description, part);
        Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE);
    }

    private void receive(String commit, String file, Path part, long there) throws IOException {
        HttpResponse<InputStream> response = client.open(commit, file, there);
        boolean goesOn = response.statusCode() == PARTIAL && beginsAt(response, there);
        if (response.statusCode() == PARTIAL && !goesOn) {
            response.body().close();
            Files.delete(part);
            response = client.open(commit, file, 0);
        }
        if (goesOn) {
            listener.received(there);
        }
        try (InputStream body = response.body();
                OutputStream output = Files.newOutputStream(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                write(output, buffer, count, part);
                listener.received(count);
            }
        }
    }

    private static boolean beginsAt(HttpResponse<?> response, long from) {
        return response.headers()
                .firstValue("Content-Range")
                .filter(range -> range.startsWith("bytes " + from + "-"))
                .isPresent();
    }

    private static void write(OutputStream output, byte[] buffer, int count, Path part) {
        try {
            output.write(buffer, 0, count);
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    part + ": cannot be written: " + failure.getMessage()
                            + "; free some space, or choose another folder with HF_HOME. What came is kept.",
                    failure);
        }
    }

    private static void requireSpace(Path part, long bytes) throws IOException {
        long free = Files.getFileStore(part.resolveSibling(".")).getUsableSpace();
        if (bytes > free) {
            throw new HoneException(
                    Category.OUTPUT,
                    String.format(
                            Locale.ROOT,
                            "%s: %.1f MB are to be fetched and %.1f MB are free; free some space, or choose another"
                                    + " folder with HF_HOME",
                            part.getParent(),
                            bytes / MEGABYTE,
                            free / MEGABYTE));
        }
    }

    private static void requireWhole(String file, Description description, Path part) throws IOException {
        long bytes = Files.size(part);
        if (description.bytes() >= 0 && bytes < description.bytes()) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    file + ": only " + bytes + " of " + description.bytes()
                            + " bytes came; run this again to go on from there");
        }
        boolean right = description.bytes() < 0 || bytes == description.bytes();
        if (!right || !Checksum.fits(part, description.checksum())) {
            Files.delete(part);
            throw new HoneException(
                    Category.CHECKPOINT,
                    file + ": what came does not have the checksum " + description.checksum()
                            + " and was thrown away; run this again");
        }
    }
}
