package dev.hone.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * A library for browsers that is packed into the page, with the licence that asks to travel with it.
 *
 * @param code one script without modules
 */
record PackedLibrary(String name, String version, String code, String licence) {
    /**
     * Reads a library from its archive on the class path.
     *
     * @param name of the archive's artifact
     * @param file of the script, inside the library's folder
     */
    static PackedLibrary read(String name, String file) {
        Properties about = new Properties();
        try {
            about.load(new StringReader(text("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        String version = about.getProperty("version");
        String folder = "/META-INF/resources/webjars/" + name + "/" + version + "/";
        return new PackedLibrary(name, version, text(folder + file), text(folder + "LICENSE"));
    }

    /** The text of a file on the class path. */
    static String text(String resource) {
        try (InputStream stream = PackedLibrary.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
