package dev.hone.checkpoint;

import static dev.hone.checkpoint.SafetensorsFile.header;
import static dev.hone.checkpoint.SafetensorsFile.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHostileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F32 | [4] | 0 | 16 | 12 | lie outside",
                "F32 | [4] | -16 | 0 | 16 | lie outside",
                "F32 | [4] | 16 | 0 | 16 | lie outside",
                "F32 | [4] | 9223372036854775800 | 9223372036854775807 | 16 | lie outside",
                "F32 | [5] | 0 | 16 | 16 | takes 20 bytes but has 16",
                "F32 | [-4] | 0 | 16 | 16 | negative extent",
                "F32 | [4294967296,4294967296] | 0 | 0 | 0 | more elements than 64 bits count",
                "F32 | [3037000500,3037000500] | 0 | 16 | 16 | more elements than 64 bits count",
                "F32 | [1e3] | 0 | 16 | 16 | something else than integers",
                "F32 | [123456789012345678901234567890] | 0 | 16 | 16 | something else than integers",
                "F32 | 4 | 0 | 16 | 16 | shape is no list",
                "F8_E4M3 | [16] | 0 | 16 | 16 | dtype F8_E4M3; known are",
                "F32 | [4] | 0 | 16 | 20 | tensors end at byte 16 of 20",
                "F32 | [3] | 4 | 16 | 16 | nothing describes the bytes before",
            })
    void refusesWrongNumbers(String type, String shape, long begin, long end, int dataBytes, String complaint) {
        assertRefused(SafetensorsFile.bytes(header(tensor("weight", type, shape, begin, end)), dataBytes), complaint);
    }

    @Test
    void refusesOverlaps() {
        String overlapping = header(tensor("a", "F32", "[4]", 0, 16), tensor("b", "F32", "[3]", 12, 24));
        assertRefused(SafetensorsFile.bytes(overlapping, 24), "tensor b overlaps with tensor a");
        String same = header(tensor("a", "F32", "[4]", 0, 16), tensor("b", "F32", "[4]", 0, 16));
        assertRefused(SafetensorsFile.bytes(same, 16), "tensor b overlaps with tensor a");
    }

    @Test
    void refusesAbsurdHeaderLengthsWithoutAllocatingThem() {
        byte[] header = header(tensor("a", "F32", "[4]", 0, 16)).getBytes(StandardCharsets.UTF_8);
        for (long length : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, header.length + 17}) {
            assertRefused(SafetensorsFile.bytes(length, header, new byte[16]), "its header claims");
        }
        assertRefused(new byte[0], "too short");
        assertRefused(new byte[7], "too short");
    }

    @Test
    void refusesHeadersThatAreNoProperObject() {
        String good = tensor("a", "F32", "[4]", 0, 16);
        assertRefused(SafetensorsFile.bytes(header(good, good), 16), "Duplicate field 'a'");
        assertRefused(SafetensorsFile.bytes("[1,2]", 16), "no JSON object");
        assertRefused(SafetensorsFile.bytes("{\"a\":3}", 16), "described by no object");
        assertRefused(SafetensorsFile.bytes("{\"a\":{\"dtype\":\"F32\"}}", 16), "lacks its dtype");
        assertRefused(SafetensorsFile.bytes(header(good) + "x", 16), "no JSON");
        assertRefused(SafetensorsFile.bytes(header(good.replace("}", ",\"more\":1}")), 16), "unknown key more");
        assertRefused(SafetensorsFile.bytes("{\"a\":" + SafetensorsFile.nested(100_000), 16), "described by no object");
        byte[] header = header(good).getBytes(StandardCharsets.UTF_8);
        header[header.length - 60] = (byte) 0xff;
        assertRefused(SafetensorsFile.bytes(header.length, header, new byte[16]), "not UTF-8");
    }

    @Test
    void headersMayBePaddedWithSpaces() {
        Path file = SafetensorsFile.write(
                directory.resolve("padded"),
                SafetensorsFile.bytes(header(tensor("a", "F32", "[4]", 0, 16)) + "      ", 16));
        try (Arena arena = Arena.ofConfined()) {
            assertThat(Safetensors.read(file, arena)).containsOnlyKeys("a");
        }
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = SafetensorsFile.vectors("first", "second");
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "file");
        }
    }

    @Test
    void onlyClearErrorsEscapeFlippedBits() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] whole = SafetensorsFile.vectors("first", "second", "third");
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = whole.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            refused += isRefused(damaged) ? 1 : 0;
        }
        assertThat(refused).as("damaged headers that were noticed").isBetween(1000, 2000);
    }

    private boolean isRefused(byte[] bytes) {
        Path file = SafetensorsFile.write(directory.resolve("damaged.safetensors"), bytes);
        try (Arena arena = Arena.ofConfined()) {
            Map<String, Tensor> tensors = Safetensors.read(file, arena);
            tensors.values().stream().filter(tensor -> tensor.type().isFloat()).forEach(Tensor::toFloatArray);
            return false;
        } catch (HoneException expected) {
            assertThat(expected).hasMessageContaining("damaged.safetensors");
            return true;
        }
    }

    private void assertRefused(byte[] bytes, String complaint) {
        Path file = SafetensorsFile.write(directory.resolve("file.safetensors"), bytes);
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Safetensors.read(file, arena))
                    .isInstanceOf(HoneException.class)
                    .hasMessageContaining("file.safetensors")
                    .hasMessageContaining(complaint);
        }
    }
}
