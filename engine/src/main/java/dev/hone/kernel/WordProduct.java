package dev.hone.kernel;

import java.util.ArrayList;
import java.util.Collections;
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
    private final NeonProduct neon;

    WordProduct(FunctionEmitter code, LinearProduct product, int lanes) {
        this.code = code;
        this.product = product;
        this.lanes = lanes;
        this.bytes = product.input() == RowForm.QUANTIZED;
        this.widens = product.widens(code.isa());
        this.neon = new NeonProduct(code);
    }

    /** The type of a vector of sums. */
    Type sums() {
        return (bytes ? Type.INT : Type.FLOAT).vector(lanes);
    }

    /** A word of the input in every lane, as {@link #accumulate} wants it. */
    List<Value> input(Value address) {
        return everywhere(centred(code.splat(code.load(word(), address), lanes)));
    }

    /** As many neighbouring words of the input as a vector has lanes, each as {@link #input} gives it. */
    List<List<Value>> inputs(Value address) {
        Value vector = centred(code.load(word().vector(lanes), address));
        List<List<Value>> words = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            words.add(everywhere(code.shuffle(vector, vector, Collections.nCopies(lanes, lane))));
        }
        return words;
    }

    /** What {@link #input} gives for a word of zeros. */
    List<Value> zeros() {
        return everywhere(centred(Value.zero(word().vector(lanes))));
    }

    private Type word() {
        return bytes ? Type.INT : Type.FLOAT;
    }

    private Value centred(Value words) {
        return bytes && product.centresInputs(code.isa()) ? neon.centred(words) : words;
    }

    private List<Value> everywhere(Value words) {
        if (widens) {
            Value shorts = code.convert("bitcast", words, Type.SHORT.vector(2 * lanes));
            return List.of(
                    code.binary("and", shorts, Value.splat(shorts.type(), EVEN_BYTES)),
                    code.binary("lshr", shorts, Value.splat(shorts.type(), Byte.SIZE)));
        }
        return List.of(product == LinearProduct.BFLOATS ? pairs(words) : words);
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
            case BFLOATS -> bfloats(input.getFirst(), weights.getFirst(), sum);
            case BYTES, NIBBLES ->
                widens
                        ? code.add(
                                code.add(sum, pairSums(input.get(0), weights.get(0))),
                                pairSums(input.get(1), weights.get(1)))
                        : bytes(input.getFirst(), weights.getFirst(), sum);
        };
    }

    private Value bfloats(Value input, Value weights, Value sum) {
        return code.isa().isArm()
                ? neon.bfloats(sum, input, weights)
                : code.call(sums(), "llvm.x86.avx512bf16.dpbf16ps.512", sum, input, weights);
    }

    private Value bytes(Value input, Value weights, Value sum) {
        return code.isa().isArm()
                ? neon.bytes(sum, input, weights)
                : code.call(sums(), "llvm.x86.avx512.vpdpbusd.512", sum, input, weights);
    }

    /** Products of 16-bit integers, neighbours added in 32 bits: exact, since bytes were widened. */
    Value pairSums(Value left, Value right) {
        return switch (code.isa()) {
            case AVX2 -> code.call(sums(), "llvm.x86.avx2.pmadd.wd", left, right);
            case AVX512, AVX512_VNNI, AVX512_BF16 -> code.call(sums(), "llvm.x86.avx512.pmaddw.d.512", left, right);
            case GENERIC, NEON, NEON_DOTPROD, NEON_I8MM, NEON_BF16 ->
                code.add(everySecond(left, right, 0), everySecond(left, right, 1));
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
