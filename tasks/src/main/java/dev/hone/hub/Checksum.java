package dev.hone.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the hub calls contents by: SHA-256 of large files, and of others the name that git gives them, which is the
 * SHA-1 of the word blob, their length and their bytes.
 */
final class Checksum {
    private static final int SHA_256_DIGITS = 64;
    private static final int SHA_1_DIGITS = 40;
    private static final int BUFFER_BYTES = 1 << 16;

    private Checksum() {}

    /** Whether a file has the checksum; one of another form says nothing, and nothing is held against it. */
    static boolean fits(Path file, String checksum) throws IOException {
        return switch (checksum.length()) {
            case SHA_256_DIGITS -> digest(digest("SHA-256"), file).equals(checksum);
            case SHA_1_DIGITS -> {
                MessageDigest git = digest("SHA-1");
                git.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
                yield digest(git, file).equals(checksum);
            }
            default -> true;
        };
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has " + algorithm, impossible);
        }
    }

    private static String digest(MessageDigest digest, Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
