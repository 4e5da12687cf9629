package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Emits the products of bytes and of bf16 numbers of 64-bit Arm, a register of four words at a time.
 *
 * <p>With dotprod alone both operands of a product have the same sign, so that bytes of rows are taken as 128 less than
 * they are: {@link #centres}. What is missing then is 128 times the sum of the weights, a whole number that is added
 * where the row's zero is taken off, so that the result has the same bits.
 */
final class NeonProduct {
    /** What a byte of a row is lessened by. */
    static final int CENTRE = 128;

    private static final int LANES = 4;
    private static final Type BYTES = Type.BYTE.vector(LANES * Integer.BYTES);

    private final FunctionEmitter code;

    NeonProduct(FunctionEmitter code) {
        this.code = code;
    }

    /** Whether bytes of rows are lessened by {@link #CENTRE} before they are multiplied. */
    static boolean centres(Isa isa) {
        return isa == Isa.NEON_DOTPROD;
    }

    /** Unsigned bytes as signed ones, {@link #CENTRE} less, four in a word. */
    Value centred(Value words) {
        return code.binary("xor", words, Value.splat(words.type(), 0x80808080));
    }

    /** The sums with the products of four bytes in each lane added; of rows that were centred where that is needed. */
    Value bytes(Value sum, Value input, Value weights) {
        // The code generator takes a lane of the input without spreading it when it stands where it stands here.
        return centres(code.isa())
                ? product("sdot", sum, as(BYTES, weights), as(BYTES, input))
                : product("usdot", sum, as(BYTES, input), as(BYTES, weights));
    }

    /**
     * Sums of two rows with two columns, {@code [row 0 column 0, row 0 column 1, row 1 column 0, row 1 column 1]}, with
     * the products of eight bytes added.
     *
     * @param input eight bytes of one row, then of the other
     * @param weights eight bytes of one column, then of the other
     */
    Value matrix(Value sum, Value input, Value weights) {
        return product("usmmla", sum, as(BYTES, input), as(BYTES, weights));
    }

    /** The sums with the products of two bf16 numbers in each lane added, of one register or several. */
    Value bfloats(Value sum, Value input, Value weights) {
        List<Value> parts = new ArrayList<>();
        for (int first = 0; first < sum.type().lanes(); first += LANES) {
            Value some = part(weights, 2 * first, 2 * LANES);
            parts.add(product("bfdot", part(sum, first, LANES), some, part(input, 2 * first, 2 * LANES)));
        }
        while (parts.size() > 1) {
            List<Value> wider = new ArrayList<>();
            for (int index = 0; index < parts.size(); index += 2) {
                wider.add(code.shuffle(
                        parts.get(index),
                        parts.get(index + 1),
                        range(0, 2 * parts.get(index).type().lanes())));
            }
            parts = wider;
        }
        return parts.getFirst();
    }

    private Value part(Value vector, int first, int count) {
        return count == vector.type().lanes() ? vector : code.shuffle(vector, vector, range(first, count));
    }

    private static List<Integer> range(int first, int count) {
        return IntStream.range(first, first + count).boxed().toList();
    }

    private Value as(Type type, Value value) {
        return code.convert("bitcast", value, type);
    }

    private Value product(String instruction, Value sum, Value left, Value right) {
        String types = "." + sum.type().mangled() + "." + left.type().mangled();
        return code.call(sum.type(), "llvm.aarch64.neon." + instruction + types, sum, left, right);
    }
}
