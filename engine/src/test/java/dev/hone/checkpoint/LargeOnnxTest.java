package dev.hone.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.hone.HoneException;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models above 2 GB, in files with holes: they have their length and take no room. */
class LargeOnnxTest {
    private static final int COLUMNS = 1024;
    private static final long ROWS = 500_000;
    private static final long BYTES = ROWS * COLUMNS * Float.BYTES;

    @TempDir
    Path directory;

    private static void stretch(Path file, long bytes) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(bytes);
        }
    }

    @Test
    void oneFileAboveTwoGigabytesIsRefused() throws IOException {
        Path file = directory.resolve("large.onnx");
        stretch(file, (1L << 31) + 1);
        assertThatThrownBy(() -> OnnxModel.open(file))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("large.onnx")
                .hasMessageContaining("at most 2 GB; larger models keep external data");
    }

    /** A table of zeros in a second file, whose last element is 7. */
    private TensorProto table() throws IOException {
        Path data = directory.resolve("large.onnx.data");
        stretch(data, BYTES);
        ByteBuffer seven = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        seven.putFloat(0, 7);
        try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
            channel.write(seven, BYTES - Float.BYTES);
        }
        return TensorProto.newBuilder()
                .setName("table")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(ROWS)
                .addDims(COLUMNS)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("large.onnx.data"))
                .build();
    }

    @Test
    void externalDataAboveTwoGigabytesAreReadAndLeaveTheMessageByThemselves() throws IOException {
        Map<String, AtomicLong> written = new ConcurrentHashMap<>();
        try (Arena arena = Arena.ofShared()) {
            Tensor table = new OnnxTensors(directory.resolve("large.onnx"), arena).read(table());
            assertThat(table.getDouble(ROWS - 1, COLUMNS - 1)).isEqualTo(7);
            List<OnnxInitializer> initializers = List.of(
                    OnnxInitializer.of("table", table, arena),
                    OnnxInitializer.of("number", Tensor.ofFloats(Shape.of(1), 5), arena));
            ModelProto.Builder model = ModelProto.newBuilder();
            OnnxOutput.write(
                    model,
                    initializers,
                    directory.resolve("out.onnx"),
                    counting(written),
                    OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
            TensorProto number = model.getGraph().getInitializer(1);
            assertThat(number.getExternalData(1).getKey()).isEqualTo("offset");
            assertThat(Long.parseLong(number.getExternalData(1).getValue()))
                    .as("behind the table")
                    .isEqualTo(BYTES);
        }
        assertThat(written.values().stream().mapToLong(AtomicLong::get).max()).hasValue(BYTES + Float.BYTES);
        assertThat(written.values().stream().mapToLong(AtomicLong::get).min().orElseThrow())
                .as("the message")
                .isLessThan(1000);
    }

    /** Counts what is written to each file, and keeps nothing. */
    private static ReplacedFiles.Opener counting(Map<String, AtomicLong> written) {
        return file -> {
            Files.createFile(file);
            AtomicLong bytes = written.computeIfAbsent(file.toString(), _ -> new AtomicLong());
            return new OutputStream() {
                @Override
                public void write(int octet) {
                    bytes.incrementAndGet();
                }

                @Override
                public void write(byte[] octets, int from, int count) {
                    bytes.addAndGet(count);
                }
            };
        };
    }
}
