package dev.hone.evaluate.data;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The tab-separated files of GLUE: a header and a row a line, where quotation marks mean nothing.
 *
 * <p>CoLA has no header; its four columns are the source, the label, the author's mark and the sentence.
 */
final class TabTable implements Table {
    private static final List<String> COLA = List.of("source", "label", "mark", "sentence");

    private final LineReader lines;
    private final List<String> names;
    private final Queue<String> readAhead = new ArrayDeque<>();

    TabTable(DataFile file) {
        this.lines = new LineReader(file);
        String first = lines.next();
        List<String> fields = first == null ? List.of() : split(first);
        if (first != null && isCola(fields)) {
            names = COLA;
            readAhead.add(first);
        } else {
            names = fields;
        }
    }

    private static boolean isCola(List<String> fields) {
        return fields.size() == COLA.size()
                && fields.stream().noneMatch(Columns::isKnown)
                && (fields.get(1).equals("0") || fields.get(1).equals("1"));
    }

    private static List<String> split(String line) {
        return List.of(line.split("\t", -1));
    }

    @Override
    public @Nullable Cells next() {
        String ahead = readAhead.poll();
        String line = ahead == null ? lines.next() : ahead;
        if (line == null) {
            return null;
        }
        List<String> fields = split(line);
        if (fields.size() != names.size()) {
            throw lines.wrong(fields.size() + " fields, but the header has " + names.size()
                    + "; each line needs one for each column, parted by tabs");
        }
        Map<String, String> cells = new LinkedHashMap<>();
        for (int column = 0; column < names.size(); column++) {
            cells.put(names.get(column), fields.get(column));
        }
        return Cells.of(cells, lines.line());
    }

    @Override
    public void close() {
        lines.close();
    }
}
