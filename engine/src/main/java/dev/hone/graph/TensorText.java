package dev.hone.graph;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.hone.tensor.DType;
import dev.hone.tensor.Float16;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Small constants from numbers written out. */
final class TensorText {
    private TensorText() {}

    static Tensor read(DType type, Shape shape, String[] numbers) {
        long count = shape.elementCount().value();
        if (numbers.length != count) {
            throw new IllegalArgumentException(
                    type.text() + shape + " has " + count + " elements, not " + numbers.length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * type.bytes()).order(LITTLE_ENDIAN);
        for (String number : numbers) {
            switch (type) {
                case F64 -> bytes.putDouble(Double.parseDouble(number));
                case F32 -> bytes.putFloat(Float.parseFloat(number));
                case F16 -> bytes.putShort(Float16.toHalf(Float.parseFloat(number)));
                case BF16 -> bytes.putShort(Float16.toBfloat16(Float.parseFloat(number)));
                case I64 -> bytes.putLong(Long.parseLong(number));
                case I32 -> bytes.putInt(Integer.parseInt(number));
                case I16 -> bytes.putShort(Short.parseShort(number));
                case I8, BOOL -> bytes.put(Byte.parseByte(number));
                case U8 -> bytes.put((byte) Integer.parseInt(number));
            }
        }
        return Tensor.of(type, shape, MemorySegment.ofArray(bytes.array()));
    }
}
