package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/** Emits the products of words: one of the input times a vector of weight words. */
final class WordProduct {
    /** The bytes at even places of each 32-bit word, as two 16-bit integers. */
    private static final int EVEN_BYTES = 0x00ff;

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

    /** A vector of weights, as {@link #accumulate} wants it. */
    List<Value> weights(Value address) {
        return switch (product) {
            case FLOATS -> List.of(code.load(Type.FLOAT.vector(lanes), address));
            case HALF_WEIGHTS -> List.of(new ShortFloats(code).fromHalf(code.load(Type.SHORT.vector(lanes), address)));
            case BFLOAT_WEIGHTS ->
                List.of(new ShortFloats(code).fromBfloat(code.load(Type.SHORT.vector(lanes), address)));
            case BFLOATS -> List.of(code.load(Type.BFLOAT.vector(2 * lanes), address));
            case BYTES, NIBBLES -> bytes(code.load(Type.INT.vector(lanes), address));
        };
    }

    /** Signed bytes, four in a lane, as {@link #accumulate} wants them. */
    List<Value> bytes(Value words) {
        return widens ? widened(code.convert("bitcast", words, Type.SHORT.vector(2 * lanes))) : List.of(words);
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
    Value pairSums(Value left, Value right) {
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
