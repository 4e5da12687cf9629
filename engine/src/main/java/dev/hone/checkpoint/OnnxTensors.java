package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.hone.HoneException;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The tensors of an ONNX file as views: of the file itself, or of the files beside it that hold external data. */
public final class OnnxTensors {
    private static final int LARGEST_RANK = 32;

    private final Path file;
    private final Arena arena;
    private final Map<String, MemorySegment> externalFiles = new HashMap<>();

    /** Tensors whose views live as long as the arena does. */
    public OnnxTensors(Path file, Arena arena) {
        this.file = file;
        this.arena = arena;
    }

    /** The element type that an ONNX type number stands for; empty where tensors of that type are not read. */
    public static Optional<DType> typeOf(int onnxType) {
        TensorProto.DataType type = TensorProto.DataType.forNumber(onnxType);
        if (type == null) {
            return Optional.empty();
        }
        return switch (type) {
            case FLOAT -> Optional.of(DType.F32);
            case DOUBLE -> Optional.of(DType.F64);
            case FLOAT16 -> Optional.of(DType.F16);
            case BFLOAT16 -> Optional.of(DType.BF16);
            case INT64 -> Optional.of(DType.I64);
            case INT32 -> Optional.of(DType.I32);
            case INT16 -> Optional.of(DType.I16);
            case INT8 -> Optional.of(DType.I8);
            case UINT8 -> Optional.of(DType.U8);
            case BOOL -> Optional.of(DType.BOOL);
            default -> Optional.empty();
        };
    }

    /** The name of an ONNX type number, for messages. */
    public static String typeName(int onnxType) {
        TensorProto.DataType type = TensorProto.DataType.forNumber(onnxType);
        return type == null ? "number " + onnxType : type.name();
    }

    /**
     * A tensor as stored.
     *
     * @throws HoneException of category CHECKPOINT, naming the tensor, when it is damaged; of category UNSUPPORTED
     *     when its element type is not read
     */
    public Tensor read(TensorProto proto) {
        DType type = typeOf(proto.getDataType())
                .orElseThrow(() -> new HoneException(
                        HoneException.Category.UNSUPPORTED,
                        place(proto) + "elements of type " + typeName(proto.getDataType()) + " are not read"));
        Shape shape = shape(proto, type);
        require(proto, !proto.hasSegment(), "tensors in segments are not read");
        MemorySegment memory = memory(proto, type);
        long expected = shape.elementCount().value() * type.bytes();
        require(
                proto,
                memory.byteSize() == expected,
                type.text() + shape + " takes " + expected + " bytes but has " + memory.byteSize());
        return Tensor.of(type, shape, memory);
    }

    private static Shape shape(TensorProto proto, DType type) {
        require(proto, proto.getDimsCount() <= LARGEST_RANK, "it has " + proto.getDimsCount() + " axes");
        long bytes = type.bytes();
        for (long dim : proto.getDimsList()) {
            require(proto, dim >= 0, "negative extent in the shape " + proto.getDimsList());
            require(
                    proto,
                    dim == 0 || bytes <= Long.MAX_VALUE / dim,
                    "the shape " + proto.getDimsList() + " has more elements than 64 bits count");
            bytes *= dim;
        }
        return new Shape(proto.getDimsList().stream().map(Dim::of).toList());
    }

    private MemorySegment memory(TensorProto proto, DType type) {
        if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            return external(proto);
        }
        if (!proto.getRawData().isEmpty()) {
            return view(proto.getRawData());
        }
        return switch (type) {
            case F32 ->
                filled(
                        proto.getFloatDataCount(),
                        type,
                        bytes -> proto.getFloatDataList().forEach(bytes::putFloat));
            case F64 ->
                filled(
                        proto.getDoubleDataCount(),
                        type,
                        bytes -> proto.getDoubleDataList().forEach(bytes::putDouble));
            case I64 ->
                filled(
                        proto.getInt64DataCount(),
                        type,
                        bytes -> proto.getInt64DataList().forEach(bytes::putLong));
            case F16, BF16, I32, I16, I8, U8, BOOL ->
                filled(proto.getInt32DataCount(), type, bytes -> putNarrow(proto.getInt32DataList(), type, bytes));
        };
    }

    /** Elements of 32 bits and less, which ONNX stores one in each integer of 32 bits. */
    private static void putNarrow(List<Integer> elements, DType type, ByteBuffer bytes) {
        for (int element : elements) {
            switch (type.bytes()) {
                case 1 -> bytes.put((byte) element);
                case 2 -> bytes.putShort((short) element);
                default -> bytes.putInt(element);
            }
        }
    }

    /** Memory for elements that the parser has counted, so that they are on the heap already. */
    private static MemorySegment filled(int elements, DType type, Consumer<ByteBuffer> writer) {
        MemorySegment memory = MemorySegment.ofArray(new byte[Math.multiplyExact(elements, type.bytes())]);
        writer.accept(memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        return memory;
    }

    /** The bytes of a parsed field without a copy: the parser aliases the mapped file. */
    private static MemorySegment view(ByteString bytes) {
        return MemorySegment.ofBuffer(bytes.asReadOnlyByteBuffer());
    }

    private MemorySegment external(TensorProto proto) {
        Map<String, String> entries = proto.getExternalDataList().stream()
                .collect(Collectors.toMap(
                        StringStringEntryProto::getKey, StringStringEntryProto::getValue, (first, second) -> second));
        MemorySegment data = externalFile(proto, entries.getOrDefault("location", ""));
        long offset = number(proto, entries.getOrDefault("offset", "0"));
        require(proto, offset <= data.byteSize(), "its external data begin at byte " + offset + ", after the file");
        long length = entries.containsKey("length")
                ? number(proto, entries.getOrDefault("length", "0"))
                : data.byteSize() - offset;
        require(
                proto,
                length <= data.byteSize() - offset,
                "its external data of " + length + " bytes at byte " + offset + " go beyond the file");
        return data.asSlice(offset, length);
    }

    private MemorySegment externalFile(TensorProto proto, String location) {
        MemorySegment known = externalFiles.get(location);
        if (known != null) {
            return known;
        }
        Path directory = file.toAbsolutePath().normalize().getParent();
        MemorySegment mapped;
        try {
            Path relative = Path.of(location);
            boolean inside = directory != null
                    && !location.isBlank()
                    && location.indexOf('\\') < 0
                    && !relative.isAbsolute()
                    && !relative.startsWith("..")
                    && directory.resolve(relative).normalize().startsWith(directory);
            require(proto, inside, "its external data lie outside the model's directory: " + location);
            mapped = MappedFile.map(file.resolveSibling(relative), arena);
        } catch (InvalidPathException failure) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT,
                    place(proto) + "its external data have no proper location: " + failure.getMessage(),
                    failure);
        }
        externalFiles.put(location, mapped);
        return mapped;
    }

    private static long number(TensorProto proto, String text) {
        try {
            long number = Long.parseLong(text);
            require(proto, number >= 0, "its external data have the negative offset or length " + text);
            return number;
        } catch (NumberFormatException failure) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT,
                    place(proto) + "its external data have the offset or length " + text + ", which is no number",
                    failure);
        }
    }

    private static String place(TensorProto proto) {
        return "tensor " + proto.getName() + ": ";
    }

    private static void require(TensorProto proto, boolean condition, String complaint) {
        if (!condition) {
            throw new HoneException(HoneException.Category.CHECKPOINT, place(proto) + complaint);
        }
    }
}
