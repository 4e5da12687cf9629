package dev.hone.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;

/** Writes safetensors files of any header, true or false. */
final class SafetensorsFile {
    private SafetensorsFile() {}

    static byte[] bytes(long headerLength, byte[] header, byte[] data) {
        return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .put(header)
                .put(data)
                .array();
    }

    static byte[] bytes(String header, int dataBytes) {
        byte[] data = new byte[dataBytes];
        for (int index = 0; index < dataBytes; index++) {
            data[index] = (byte) index;
        }
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return bytes(text.length, text, data);
    }

    static String tensor(String name, String type, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, type, shape, begin, end);
    }

    static String header(String... tensors) {
        return "{\"__metadata__\":{\"format\":\"pt\"}," + String.join(",", tensors) + "}";
    }

    /** Float vectors of four numbers, end to end. */
    static byte[] vectors(String... names) {
        String[] tensors = new String[names.length];
        Arrays.setAll(tensors, index -> tensor(names[index], "F32", "[4]", index * 16L, index * 16L + 16));
        return bytes(header(tensors), 16 * names.length);
    }

    static Path write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Path write(Path file, String text) {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static String nested(int depth) {
        return String.join("", Collections.nCopies(depth, "["));
    }
}
