package dev.hone.onnx.quantize;

import dev.hone.HoneException;
import dev.hone.NearestName;
import dev.hone.tensor.DType;
import java.util.List;
import java.util.Locale;

/** Bytes with and without a sign. */
public enum ByteType {
    U8(DType.U8, 0),
    S8(DType.I8, -128);

    private final DType tensorType;
    private final int smallest;

    ByteType(DType tensorType, int smallest) {
        this.tensorType = tensorType;
        this.smallest = smallest;
    }

    /** The element type of tensors of such bytes. */
    public DType tensorType() {
        return tensorType;
    }

    /** The smallest byte. */
    public int smallest() {
        return smallest;
    }

    /** The largest byte. */
    public int largest() {
        return smallest + 255;
    }

    /** The byte in the middle, which stands for 0 where ranges are symmetric. */
    public int middle() {
        return smallest + 128;
    }

    /** The lower-case name in options. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The type of a label.
     *
     * @throws HoneException of category {@code USAGE} for an unknown one
     */
    public static ByteType parse(String label) {
        return NearestName.choose("type of bytes", label, List.of(values()), ByteType::label);
    }
}
