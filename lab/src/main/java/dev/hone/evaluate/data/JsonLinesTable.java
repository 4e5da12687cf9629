package dev.hone.evaluate.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** JSON Lines: an object a line. */
final class JsonLinesTable implements Table {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final LineReader lines;

    JsonLinesTable(DataFile file) {
        this.lines = new LineReader(file);
    }

    @Override
    public @Nullable Cells next() {
        String line = lines.next();
        while (line != null && line.isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        return JsonCells.of(parse(line), lines.line());
    }

    private JsonNode parse(String line) {
        JsonNode node;
        try {
            node = MAPPER.readTree(line);
        } catch (JsonProcessingException broken) {
            throw lines.wrong("broken JSON at column " + broken.getLocation().getColumnNr() + ": "
                    + broken.getOriginalMessage() + "; each line must be one JSON object");
        }
        if (!node.isObject()) {
            throw lines.wrong("a JSON " + node.getNodeType().name().toLowerCase(Locale.ROOT)
                    + " where an object was expected; each line must be one JSON object");
        }
        return node;
    }

    @Override
    public void close() {
        lines.close();
    }
}
