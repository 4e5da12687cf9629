package dev.hone.kernel;

import dev.hone.machine.Isa;

/** Conversions between f32 and floats of 16 bits. */
final class ShortFloats {
    private final FunctionEmitter code;

    ShortFloats(FunctionEmitter code) {
        this.code = code;
    }

    /** The values of bf16 numbers given as 16-bit integers. */
    Value fromBfloat(Value bits) {
        Value wide = code.convert("zext", bits, bits.type().of(Type.INT));
        return code.convert(
                "bitcast",
                code.binary("shl", wide, Value.splat(wide.type(), 16)),
                bits.type().of(Type.FLOAT));
    }

    /** The values of binary16 numbers given as 16-bit integers. */
    Value fromHalf(Value bits) {
        Type floats = bits.type().of(Type.FLOAT);
        if (code.isa() != Isa.GENERIC) {
            Value halves = code.convert("bitcast", bits, bits.type().of(Type.HALF));
            return code.convert("fpext", halves, floats);
        }
        return movedHalf(code.convert("zext", bits, bits.type().of(Type.INT)), floats);
    }

    /**
     * The bits of a binary16 moved to the places of binary32 and scaled by 2¹¹², which makes subnormals right as well;
     * infinities and NaN get the largest exponent. Done with integers, because not every target converts.
     */
    private Value movedHalf(Value bits, Type floats) {
        Type ints = bits.type();
        Value size = code.binary("and", bits, Value.splat(ints, 0x7fff));
        Value sign = code.binary("shl", code.binary("and", bits, Value.splat(ints, 0x8000)), Value.splat(ints, 16));
        Value moved = code.convert("bitcast", code.binary("shl", size, Value.splat(ints, 13)), floats);
        Value scaled = code.binary("fmul", moved, Value.splat(floats, 0x1p112f));
        Value scaledBits = code.convert("bitcast", scaled, ints);
        Value special = code.compare("ugt", size, Value.splat(ints, 0x7bff));
        Value largest = code.binary("or", scaledBits, Value.splat(ints, 0x7f800000));
        Value chosen = code.select(special, largest, scaledBits);
        return code.convert("bitcast", code.binary("or", chosen, sign), floats);
    }

    /** The nearest bf16 numbers as 16-bit integers, ties to even; for instruction sets that have bf16 products. */
    Value toBfloat(Value floats) {
        Value rounded = code.convert("fptrunc", floats, floats.type().of(Type.BFLOAT));
        return code.convert("bitcast", rounded, floats.type().of(Type.SHORT));
    }
}
