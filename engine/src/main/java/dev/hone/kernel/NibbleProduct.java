package dev.hone.kernel;

import java.util.List;

/**
 * Emits the products of words of the input and words of nibbles.
 *
 * <p>Where bytes are multiplied in one instruction, or only after they were widened, a nibble becomes the upper half of
 * a byte: its sign is in place, and it counts {@link #unit()} times. Elsewhere it becomes a byte of its own value,
 * because then the instruction that adds two products in 16 bits cannot overflow, nor can the sums of a group.
 */
final class NibbleProduct {
    private static final int HALF_BYTE = 4;
    private static final int LOW_HALVES = 0x0f;
    private static final int HIGH_HALVES = 0xf0;
    private static final int SIGN = 8;

    private final FunctionEmitter code;
    private final WordProduct words;
    private final int lanes;
    private final boolean inShorts;

    NibbleProduct(FunctionEmitter code, int lanes) {
        this.code = code;
        this.words = new WordProduct(code, LinearProduct.NIBBLES, lanes);
        this.lanes = lanes;
        this.inShorts = LinearProduct.NIBBLES.sumsInShorts(code.isa());
    }

    /** The type of a vector of sums within a group. */
    Type sums() {
        return inShorts ? Type.SHORT.vector(2 * lanes) : words.sums();
    }

    /** How many times each product counts in the sums. */
    int unit() {
        return inShorts ? 1 : 1 << HALF_BYTE;
    }

    /** A word of the input in every lane, as {@link #accumulate} wants it. */
    List<Value> input(Value address) {
        List<Value> input = words.input(address);
        return inShorts ? List.of(bytes(input.getFirst())) : input;
    }

    /** What {@link #input} gives for words of zeros. */
    List<Value> zeros() {
        return words.zeros();
    }

    /** A vector of weights of each of two words, as {@link #accumulate} wants them. */
    List<List<Value>> weights(Value address) {
        Value packed = code.load(Type.BYTE.vector(Integer.BYTES * lanes), address);
        Value four = Value.splat(packed.type(), HALF_BYTE);
        if (inShorts) {
            Value high = code.binary("lshr", packed, four);
            return List.of(List.of(signed(packed)), List.of(signed(high)));
        }
        Value mask = Value.splat(packed.type(), HIGH_HALVES);
        Value low = code.binary("shl", packed, four);
        return List.of(words.bytes(ints(low)), words.bytes(ints(code.binary("and", packed, mask))));
    }

    /** The lower halves of bytes as numbers from -8 to 7. */
    private Value signed(Value bytes) {
        Value sign = Value.splat(bytes.type(), SIGN);
        Value low = code.binary("and", bytes, Value.splat(bytes.type(), LOW_HALVES));
        return code.subtract(code.binary("xor", low, sign), sign);
    }

    private Value bytes(Value vector) {
        return code.convert("bitcast", vector, Type.BYTE.vector(Integer.BYTES * lanes));
    }

    private Value ints(Value vector) {
        return code.convert("bitcast", vector, Type.INT.vector(lanes));
    }

    /** The sums with the products of one word added. */
    Value accumulate(List<Value> input, List<Value> weights, Value sum) {
        if (!inShorts) {
            return words.accumulate(input, weights, sum);
        }
        String instruction = code.isa().lanes() == 8 ? "llvm.x86.avx2.pmadd.ub.sw" : "llvm.x86.avx512.pmaddubs.w.512";
        return code.add(sum, code.call(sums(), instruction, input.getFirst(), weights.getFirst()));
    }

    /** The sums of a group as floats, {@link #unit()} times what they are. */
    Value floats(Value sums) {
        Value whole = inShorts ? words.pairSums(sums, Value.splat(sums.type(), 1)) : sums;
        return code.convert("sitofp", whole, Type.FLOAT.vector(lanes));
    }
}
