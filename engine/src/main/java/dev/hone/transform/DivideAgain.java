package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * x · number  →  x / (1 / number), where the divisor is known: it stands in the constant's name, or the number is a
 * power of two. The reverse of {@link MultiplyByInverse}.
 */
public final class DivideAgain implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        boolean multiplies = node.op() instanceof Op.Binary binary
                && binary.function() == BinaryFunction.MULTIPLY
                && node.output().type() == DType.F32;
        if (!multiplies) {
            return Optional.empty();
        }
        for (int index = 1; index >= 0; index--) {
            Value factor = node.input(index);
            OptionalDouble number = graph.isConstant(factor) ? graph.scalar(factor) : OptionalDouble.empty();
            if (number.isEmpty() || graph.isConstant(node.input(1 - index))) {
                continue;
            }
            Optional<Float> divisor = divisor(factor.name(), (float) number.getAsDouble());
            if (divisor.isEmpty()) {
                return graph.refuse(
                        node, "the number that " + number.getAsDouble() + " is the inverse of is not recorded");
            }
            Value constant =
                    graph.addConstant(node.name() + ".divisor", Tensor.ofFloats(factor.shape(), divisor.get()));
            return Optional.of(Replacement.of(new Op.Binary(BinaryFunction.DIVIDE), node.input(1 - index), constant));
        }
        return Optional.empty();
    }

    private static Optional<Float> divisor(String name, float inverse) {
        int record = name.lastIndexOf(MultiplyByInverse.RECORD);
        if (record >= 0) {
            Optional<Float> recorded = number(name.substring(record + MultiplyByInverse.RECORD.length()));
            if (recorded.isPresent() && 1 / recorded.get() == inverse) {
                return recorded;
            }
        }
        boolean isPowerOfTwo = (Float.floatToIntBits(inverse) & 0x007fffff) == 0
                && Math.abs(inverse) >= Float.MIN_NORMAL
                && Float.isFinite(1 / inverse);
        return isPowerOfTwo ? Optional.of(1 / inverse) : Optional.empty();
    }

    private static Optional<Float> number(String text) {
        try {
            return Optional.of(Float.parseFloat(text));
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }
}
