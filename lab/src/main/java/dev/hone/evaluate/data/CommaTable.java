package dev.hone.evaluate.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.hone.HoneException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CSV of RFC 4180 with a header: quotation marks around fields that hold commas or line breaks. */
final class CommaTable implements Table {
    private static final CsvMapper MAPPER = CsvMapper.csvBuilder()
            .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private final DataFile file;
    private final MappingIterator<Map<String, String>> rows;

    CommaTable(DataFile file) {
        this.file = file;
        try {
            this.rows = MAPPER.readerForMapOf(String.class)
                    .with(CsvSchema.emptySchema().withHeader())
                    .readValues(file.open());
        } catch (IOException failure) {
            throw broken(failure, 1);
        }
    }

    @Override
    public @Nullable Cells next() {
        long line = rows.getCurrentLocation().getLineNr();
        try {
            if (!rows.hasNextValue()) {
                return null;
            }
            return Cells.of(rows.nextValue(), line);
        } catch (IOException failure) {
            throw broken(failure, line);
        }
    }

    private HoneException broken(IOException failure, long line) {
        return failure instanceof JsonProcessingException parse
                ? file.wrong(line, "broken CSV: " + parse.getOriginalMessage() + "; check quotation marks and commas")
                : file.failed(failure, line);
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException failure) {
            throw broken(failure, 1);
        }
    }
}
