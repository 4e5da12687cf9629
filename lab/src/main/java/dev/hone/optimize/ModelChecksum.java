package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/** Tells a model's files from those of every other model. */
public final class ModelChecksum {
    private ModelChecksum() {}

    /** A checksum of the model's files, in hexadecimal digits. */
    public static String of(Path model) {
        try (Stream<Path> files = Files.isDirectory(model) ? Files.walk(model, 2) : Stream.of(model)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
                    bytes.transferTo(OutputStream.nullOutputStream());
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, Long.BYTES);
        } catch (IOException failure) {
            throw new HoneException(
                    Category.CHECKPOINT, model + ": cannot be read: " + failure.getMessage() + "; check it", failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
