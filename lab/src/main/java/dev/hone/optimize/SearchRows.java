package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.data.Columns;
import dev.hone.evaluate.data.DataFile;
import dev.hone.evaluate.data.DataSets;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Rows;
import dev.hone.evaluate.data.Sampling;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Labelled rows in two parts: the choice is made on one and then checked on the other, whose rows it did not see.
 *
 * @param source where the rows come from, for people
 * @param search in the order in which they are used: what begins a part is a sample of it
 * @param heldOut rows that are none of the search's, nor equal to one
 * @param notes what a reader of the figures should know of the data, in sentences
 */
public record SearchRows(String source, List<Example> search, List<Example> heldOut, List<String> notes) {
    /** The part of the rows that the choice is made on: it needs most, since it must tell candidates apart. */
    static final double SEARCH_SHARE = 0.6;

    /** Fewer rows than this tell nothing of a loss. */
    public static final int LEAST_ROWS = 20;

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    public SearchRows {
        search = List.copyOf(search);
        heldOut = List.copyOf(heldOut);
        notes = List.copyOf(notes);
    }

    private record Placed(long number, Example row) {}

    /**
     * Draws rows from files and splits them.
     *
     * @param most rows that are used in all
     * @throws HoneException of category {@code INPUT} when the data cannot be read or are too few
     */
    public static SearchRows draw(List<DataFile> files, DataTask task, Columns columns, int most, long seed) {
        List<Example> rows = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (DataFile file : files) {
            try (Rows opened = DataSets.open(file, task, columns)) {
                List<Example> drawn = Sampling.draw(opened, most, seed);
                rows.addAll(drawn);
                sources.add(file.path() + " (" + drawn.size() + " rows)");
                notes.addAll(opened.notes());
            }
        }
        SearchRows split = split(String.join(" and ", sources), rows, most, seed);
        return new SearchRows(split.source(), split.search(), split.heldOut(), notes);
    }

    /**
     * Splits rows by a number that follows from the seed and their texts, so that equal rows (and questions to one
     * context) come to the same side.
     *
     * @param most rows that are used in all
     * @throws HoneException of category {@code INPUT} when there are too few
     */
    public static SearchRows split(String source, List<Example> rows, int most, long seed) {
        if (rows.size() < LEAST_ROWS) {
            throw new HoneException(
                    Category.INPUT,
                    source + ": " + rows.size()
                            + " rows are too few to choose on and to check the choice; give at least " + LEAST_ROWS);
        }
        List<Placed> placed = rows.stream()
                .map(row -> new Placed(number(seed, key(row)), row))
                .sorted(Comparator.comparingLong(Placed::number))
                .limit(most)
                .toList();
        int end = (int) Math.ceil(SEARCH_SHARE * placed.size());
        while (end < placed.size()
                && placed.get(end).number() == placed.get(end - 1).number()) {
            end++;
        }
        if (end == placed.size()) {
            throw new HoneException(
                    Category.INPUT, source + ": the rows share one text, so none can be held out; give other data");
        }
        return new SearchRows(
                source,
                examples(placed.subList(0, end), seed),
                examples(placed.subList(end, placed.size()), seed),
                List.of());
    }

    /** Questions to one context stand together by their key; a second number mixes them again. */
    private static List<Example> examples(List<Placed> placed, long seed) {
        return placed.stream()
                .map(Placed::row)
                .sorted(Comparator.comparingLong(row -> number(~seed, content(row))))
                .toList();
    }

    /** What both parts hold, as a checksum in hexadecimal digits. */
    public String checksum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (List<Example> part : List.of(search, heldOut)) {
                part.forEach(row -> digest.update(content(row).getBytes(StandardCharsets.UTF_8)));
                digest.update((byte) 1);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, Long.BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String key(Example row) {
        return switch (row) {
            case Example.Labelled labelled -> labelled.input().toString();
            case Example.Graded graded -> graded.input().toString();
            case Example.Tagged tagged -> String.join(" ", tagged.words());
            case Example.Asked asked -> asked.question().context();
        };
    }

    private static String content(Example row) {
        List<Object> parts = new ArrayList<>();
        parts.add(row.id());
        parts.add(key(row));
        switch (row) {
            case Example.Labelled labelled -> parts.add(labelled.label());
            case Example.Graded graded -> parts.add(graded.grade());
            case Example.Tagged tagged -> parts.add(tagged.tags());
            case Example.Asked asked -> {
                parts.add(asked.question().question());
                parts.add(asked.answers());
            }
        }
        return parts.toString();
    }

    /** FNV-1a of the text (Fowler, Noll and Vo), mixed with the seed. */
    private static long number(long seed, String text) {
        long hash = FNV_BASIS;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        return new SplittableRandom(hash ^ (seed * FNV_PRIME)).nextLong();
    }
}
