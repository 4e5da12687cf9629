package dev.hone.optimize;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two texts and how alike their meanings are.
 *
 * @param grade from 0 (nothing in common) to 5 (the same said in other words)
 */
public record SamplePair(double grade, String first, String second) {
    private static final String RESOURCE = "sentence-pairs.tsv";

    /** The bundled sample: English sentence pairs from three words to some hundred. */
    public static List<SamplePair> bundled() {
        try (InputStream stream = SamplePair.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing from the class path");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            return reader.lines().skip(1).map(SamplePair::parse).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static SamplePair parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 3) {
            throw new IllegalStateException(RESOURCE + ": not three fields in '" + line + "'");
        }
        return new SamplePair(Double.parseDouble(fields[0]), fields[1], fields[2]);
    }

    /** All different texts, in the order of their first appearance. */
    public static List<String> texts(List<SamplePair> pairs) {
        return pairs.stream()
                .flatMap(pair -> Stream.of(pair.first(), pair.second()))
                .distinct()
                .toList();
    }
}
