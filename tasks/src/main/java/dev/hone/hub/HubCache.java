package dev.hone.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one repository in the cache, in the layout of the hub's own tools: {@code refs/REVISION} holds a
 * commit, {@code snapshots/COMMIT} has the files of that commit as links into {@code blobs}, whose files are called by
 * their checksums.
 */
final class HubCache {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int DEEPEST = 16;

    private final Path root;
    private final HubName name;

    HubCache(Path cache, HubName name) {
        this.root = cache.resolve(name.folder());
        this.name = name;
    }

    /** The folder of a commit's files. */
    Path snapshot(String commit) {
        return root.resolve("snapshots").resolve(commit);
    }

    /** The content that a checksum names. */
    Path blob(String checksum) {
        return root.resolve("blobs").resolve(checksum);
    }

    /** The file that keeps other processes from fetching the same content. */
    Path lock(String checksum) {
        return root.resolveSibling(".locks").resolve(name.folder()).resolve(checksum + ".lock");
    }

    /** The folder of the revision's files as it was seen last; empty when it never was. */
    Optional<Path> known() throws IOException {
        if (name.isCommit()) {
            return Optional.of(snapshot(name.revision())).filter(Files::isDirectory);
        }
        Path ref = root.resolve("refs").resolve(name.revision());
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        String commit = Files.readString(ref).strip();
        return COMMIT.matcher(commit).matches()
                ? Optional.of(snapshot(commit)).filter(Files::isDirectory)
                : Optional.empty();
    }

    /** The files of a snapshot whose content is there, by their paths in the repository. */
    static List<String> files(Path snapshot) throws IOException {
        try (Stream<Path> files = Files.walk(snapshot, DEEPEST)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    /** Remembers which commit the revision is. */
    void remember(String commit) throws IOException {
        if (name.isCommit()) {
            return;
        }
        Path ref = root.resolve("refs").resolve(name.revision());
        Files.createDirectories(ref.resolveSibling("."));
        Path beside = ref.resolveSibling("." + UUID.randomUUID() + ".part");
        Files.writeString(beside, commit);
        Files.move(beside, ref, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes a snapshot's file a link to its content, or a copy where the file system has no links. */
    void link(String commit, String file, Path blob) throws IOException {
        Path pointer = snapshot(commit).resolve(file);
        Path folder = pointer.resolveSibling(".").normalize();
        Files.createDirectories(folder);
        Path beside = folder.resolve("." + UUID.randomUUID() + ".part");
        try {
            Files.createSymbolicLink(beside, folder.relativize(blob));
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            Files.copy(blob, beside);
        }
        Files.move(beside, pointer, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
