package dev.hone.evaluate.data;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** A Parquet file; one group of rows is in memory at a time. */
final class ParquetTable implements Table {
    /** How the library calls the file, and no reader of its messages can know it by. */
    private static final Pattern OBJECT_NAME = Pattern.compile("[\\w.]+\\.LocalInputFile@[0-9a-f]+");

    private static final String MEND = "; check that the file is complete, or write it anew";

    /** One reading of the library, which tells of damage by exceptions of many kinds. */
    @FunctionalInterface
    private interface Reading<T extends @Nullable Object> {
        T run() throws IOException;
    }

    private final DataFile file;
    private final ParquetFileReader reader;
    private final MessageType schema;
    private @Nullable RecordReader<Group> rows;
    private long left;
    private long number;

    ParquetTable(DataFile file) {
        this.file = file;
        if (file.isPacked()) {
            throw new HoneException(
                    Category.INPUT, file.path() + ": Parquet is not read from .gz; unpack the file first");
        }
        this.reader = guarded(() -> ParquetFileReader.open(new LocalInputFile(file.path()), options()));
        try {
            guarded(this::requireChunksInside);
            this.schema = reader.getFileMetaData().getSchema();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private static ParquetReadOptions options() {
        return ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .usePageChecksumVerification(true)
                .build();
    }

    /** The library reserves memory for what the footer says, so that is held against the file first. */
    private Void requireChunksInside() throws IOException {
        long length = new LocalInputFile(file.path()).getLength();
        for (BlockMetaData group : reader.getRowGroups()) {
            for (ColumnChunkMetaData chunk : group.getColumns()) {
                long start = chunk.getStartingPos();
                long size = chunk.getTotalSize();
                if (start < 0 || size < 0 || start > length || size > length - start) {
                    throw new IOException("column " + chunk.getPath().toDotString() + " lies outside of the file");
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable Cells next() {
        return guarded(() -> {
            while (left == 0) {
                PageReadStore group = reader.readNextRowGroup();
                if (group == null) {
                    return null;
                }
                left = group.getRowCount();
                rows = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(group, new GroupRecordConverter(schema));
            }
            left--;
            number++;
            Group row = rows == null ? null : rows.read();
            if (row == null) {
                throw new IOException("a row is missing");
            }
            return ParquetCells.of(row, number);
        });
    }

    @Override
    public List<String> classes(String column) {
        return HubClasses.of(reader.getFileMetaData().getKeyValueMetaData(), column);
    }

    /** Runs the library and tells what it finds wrong as ours. */
    private <T extends @Nullable Object> T guarded(Reading<T> reading) {
        try {
            return reading.run();
        } catch (HoneException ours) {
            throw ours;
        } catch (UnsupportedOperationException unsupported) {
            throw new HoneException(Category.INPUT, file.path() + ": " + unsupported.getMessage(), unsupported);
        } catch (IOException | RuntimeException failure) {
            throw broken(failure);
        } catch (OutOfMemoryError claimed) {
            // A damaged header may ask for any number of values, and the library believes it.
            throw broken(claimed);
        }
    }

    private HoneException broken(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String what = cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : OBJECT_NAME.matcher(cause.getMessage()).replaceAll("it");
        String place = number == 0 ? file.path().toString() : file.place(number);
        return new HoneException(Category.INPUT, place + ": broken Parquet: " + what + MEND, failure);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException failure) {
            throw broken(failure);
        }
    }
}
