package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/** Emits the products of words: one of the input times a vector of weight words. */
final class WordProduct {
    /** The bytes at even places of each 32-bit word, as two 16-bit integers. */
    private static final int EVEN_BYTES = 0x00ff;

    /** The upper halves of the bytes of a word. */
    private static final int HIGH_HALVES = 0xf0f0f0f0;

    private static final int HALF_BYTE = 4;

    /** What a weight of four bits is multiplied by as it becomes a byte. */
    static final int NIBBLE_UNIT = 1 << HALF_BYTE;

    private final FunctionEmitter code;
    private final LinearProduct product;
    private final int lanes;
    private final boolean bytes;
    private final boolean widens;

    WordProduct(FunctionEmitter code, LinearProduct product, int lanes) {
        this.code = code;
        this.product = product;
        this.lanes = lanes;
        this.bytes = product.input() == RowForm.QUANTIZED;
        this.widens = product.widens(code.isa());
    }

    /** The type of a vector of sums. */
    Type sums() {
        return (bytes ? Type.INT : Type.FLOAT).vector(lanes);
    }

    /** A word of the input in every lane, as {@link #accumulate} wants it. */
    List<Value> input(Value address) {
        Value word = code.load(bytes ? Type.INT : Type.FLOAT, address);
        Value everywhere = code.splat(word, lanes);
        if (widens) {
            Value shorts = code.convert("bitcast", everywhere, Type.SHORT.vector(2 * lanes));
            return List.of(
                    code.binary("and", shorts, Value.splat(shorts.type(), EVEN_BYTES)),
                    code.binary("lshr", shorts, Value.splat(shorts.type(), Byte.SIZE)));
        }
        return List.of(product == LinearProduct.BFLOATS ? pairs(everywhere) : everywhere);
    }

    /**
     * A vector of weights, as {@link #accumulate} wants it. For nibbles those of two words, one behind the other, and
     * {@link #NIBBLE_UNIT} times what they are: so the sign stands where a byte has it.
     */
    List<Value> weights(Value address) {
        return switch (product) {
            case FLOATS -> List.of(code.load(Type.FLOAT.vector(lanes), address));
            case HALF_WEIGHTS -> List.of(new ShortFloats(code).fromHalf(code.load(Type.SHORT.vector(lanes), address)));
            case BFLOAT_WEIGHTS ->
                List.of(new ShortFloats(code).fromBfloat(code.load(Type.SHORT.vector(lanes), address)));
            case BFLOATS -> List.of(code.load(Type.BFLOAT.vector(2 * lanes), address));
            case BYTES ->
                widens
                        ? widened(code.load(Type.SHORT.vector(2 * lanes), address))
                        : List.of(code.load(Type.INT.vector(lanes), address));
            case NIBBLES -> nibbles(code.load(Type.INT.vector(lanes), address));
        };
    }

    private List<Value> nibbles(Value packed) {
        Value mask = Value.splat(packed.type(), HIGH_HALVES);
        Value low = code.binary("and", code.binary("shl", packed, Value.splat(packed.type(), HALF_BYTE)), mask);
        Value high = code.binary("and", packed, mask);
        if (!widens) {
            return List.of(low, high);
        }
        Type shorts = Type.SHORT.vector(2 * lanes);
        List<Value> wide = new ArrayList<>(widened(code.convert("bitcast", low, shorts)));
        wide.addAll(widened(code.convert("bitcast", high, shorts)));
        return wide;
    }

    /** Signed bytes at even and at odd places as 16-bit integers. */
    private List<Value> widened(Value shorts) {
        Value eight = Value.splat(shorts.type(), Byte.SIZE);
        return List.of(
                code.binary("ashr", code.binary("shl", shorts, eight), eight), code.binary("ashr", shorts, eight));
    }

    private Value pairs(Value words) {
        return code.convert("bitcast", words, Type.BFLOAT.vector(2 * lanes));
    }

    /** The sums with the products of one step added. */
    Value accumulate(List<Value> input, List<Value> weights, Value sum) {
        return switch (product) {
            case FLOATS, HALF_WEIGHTS, BFLOAT_WEIGHTS -> code.multiplyAdd(input.getFirst(), weights.getFirst(), sum);
            case BFLOATS ->
                code.call(sums(), "llvm.x86.avx512bf16.dpbf16ps.512", sum, input.getFirst(), weights.getFirst());
            case BYTES, NIBBLES ->
                widens
                        ? code.add(
                                code.add(sum, pairSums(input.get(0), weights.get(0))),
                                pairSums(input.get(1), weights.get(1)))
                        : code.call(sums(), "llvm.x86.avx512.vpdpbusd.512", sum, input.getFirst(), weights.getFirst());
        };
    }

    /** Products of 16-bit integers, neighbours added in 32 bits: exact, since bytes were widened. */
    private Value pairSums(Value left, Value right) {
        return switch (code.isa()) {
            case AVX2 -> code.call(sums(), "llvm.x86.avx2.pmadd.wd", left, right);
            case AVX512, AVX512_VNNI, AVX512_BF16 -> code.call(sums(), "llvm.x86.avx512.pmaddw.d.512", left, right);
            case GENERIC -> code.add(everySecond(left, right, 0), everySecond(left, right, 1));
        };
    }

    private Value everySecond(Value left, Value right, int first) {
        List<Integer> order = new ArrayList<>();
        for (int lane = first; lane < 2 * lanes; lane += 2) {
            order.add(lane);
        }
        return code.multiply(
                code.convert("sext", code.shuffle(left, left, order), sums()),
                code.convert("sext", code.shuffle(right, right, order), sums()));
    }
}
