package dev.hone.checkpoint;

import dev.hone.HoneException;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one safetensors file: a length of 8 bytes, a JSON header of that length, and the tensors' bytes, which must
 * fill the rest of the file without gaps or overlaps, as the format demands.
 */
final class Safetensors {
    private static final long LARGEST_HEADER_BYTES = 100_000_000;
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment memory;

    private Safetensors(Path file, MemorySegment memory) {
        this.file = file;
        this.memory = memory;
    }

    /**
     * Maps a file and gives its tensors as views of the mapping, by name in the order of the header.
     *
     * @throws HoneException of category CHECKPOINT, naming file and tensor, for anything that breaks the format
     */
    static Map<String, Tensor> read(Path file, Arena arena) {
        return new Safetensors(file, MappedFile.map(file, arena)).tensors();
    }

    private Map<String, Tensor> tensors() {
        String header = header();
        MemorySegment data = memory.asSlice(Long.BYTES + memory.get(LENGTH, 0));
        Map<String, SafetensorsHeader.Entry> entries;
        try {
            entries = SafetensorsHeader.parse(header);
        } catch (SafetensorsHeader.Malformed failure) {
            throw new HoneException(HoneException.Category.CHECKPOINT, file + ": " + failure.getMessage(), failure);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        entries.forEach((name, entry) -> tensors.put(name, tensor(name, entry, data)));
        checkCoverage(entries, data.byteSize());
        return tensors;
    }

    private String header() {
        require(memory.byteSize() >= Long.BYTES, "it is too short for a safetensors file");
        long length = memory.get(LENGTH, 0);
        long most = Math.min(LARGEST_HEADER_BYTES, memory.byteSize() - Long.BYTES);
        require(
                length >= 2 && length <= most,
                "its header claims " + Long.toUnsignedString(length) + " bytes where at most " + most
                        + " can be: truncated, or no safetensors file");
        ByteBuffer bytes = memory.asSlice(Long.BYTES, length).asByteBuffer();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException failure) {
            throw new HoneException(HoneException.Category.CHECKPOINT, file + ": its header is not UTF-8", failure);
        }
    }

    private Tensor tensor(String name, SafetensorsHeader.Entry entry, MemorySegment data) {
        String shown = "tensor " + name + ": ";
        require(
                entry.begin() >= 0 && entry.begin() <= entry.end() && entry.end() <= data.byteSize(),
                shown + "its bytes " + entry.begin() + " to " + entry.end() + " lie outside the " + data.byteSize()
                        + " bytes of data (truncated?)");
        long bytes = entry.type().bytes();
        for (long dim : entry.dims()) {
            require(dim >= 0, shown + "negative extent in the shape " + entry.dims());
            long factor = bytes;
            require(
                    dim == 0 || factor <= Long.MAX_VALUE / dim,
                    shown + "the shape " + entry.dims() + " has more elements than 64 bits count");
            bytes = factor * dim;
        }
        require(
                bytes == entry.end() - entry.begin(),
                shown + entry.type() + entry.dims() + " takes " + bytes + " bytes but has "
                        + (entry.end() - entry.begin()));
        Shape shape = new Shape(entry.dims().stream().map(Dim::of).toList());
        return Tensor.of(entry.type(), shape, data.asSlice(entry.begin(), bytes));
    }

    private void checkCoverage(Map<String, SafetensorsHeader.Entry> entries, long dataBytes) {
        List<Map.Entry<String, SafetensorsHeader.Entry>> sorted = entries.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, SafetensorsHeader.Entry>>comparingLong(
                                entry -> entry.getValue().begin())
                        .thenComparingLong(entry -> entry.getValue().end()))
                .toList();
        long covered = 0;
        String before = "the header";
        for (Map.Entry<String, SafetensorsHeader.Entry> entry : sorted) {
            SafetensorsHeader.Entry place = entry.getValue();
            require(
                    place.begin() >= covered,
                    "tensor " + entry.getKey() + " overlaps with " + before + ": it begins at byte " + place.begin()
                            + ", before byte " + covered);
            require(place.begin() == covered, "nothing describes the bytes before tensor " + entry.getKey());
            covered = place.end();
            before = "tensor " + entry.getKey();
        }
        require(
                covered == dataBytes,
                "the tensors end at byte " + covered + " of " + dataBytes + " bytes of data: the file was not written "
                        + "to its end, or something was appended");
    }

    private void require(boolean condition, String complaint) {
        if (!condition) {
            throw MappedFile.damaged(file, complaint);
        }
    }
}
