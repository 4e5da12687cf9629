package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * x / number  →  x · (1 / number).
 *
 * <p>The quotient has the same bits where the number is a power of two; elsewhere the inverse is rounded to f32, and
 * the result may differ by one and a half units in the last place. The number is kept in the name of the new constant,
 * so that {@link DivideAgain} finds it, in a file, too.
 */
public final class MultiplyByInverse implements RewriteRule {
    /** Stands before the divisor in the name of an inverse. */
    static final String RECORD = ".inverse_of_";

    @Override
    public String name() {
        return "ChangeTrueDivToMulByInverse";
    }

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        boolean divides = node.op() instanceof Op.Binary binary
                && binary.function() == BinaryFunction.DIVIDE
                && node.output().type() == DType.F32;
        if (!divides) {
            return Optional.empty();
        }
        Value divisor = node.input(1);
        OptionalDouble number = graph.scalar(divisor);
        if (number.isEmpty() || !graph.isConstant(divisor)) {
            return graph.refuse(node, "its divisor " + divisor.name() + " is not one constant number");
        }
        float inverse = 1 / (float) number.getAsDouble();
        if (!Float.isFinite(inverse) || Math.abs(inverse) < Float.MIN_NORMAL) {
            return graph.refuse(node, "the inverse of " + number.getAsDouble() + " is not an ordinary f32");
        }
        float[] numbers = {inverse};
        Value constant = graph.addConstant(
                node.name() + RECORD + (float) number.getAsDouble(),
                Tensor.ofFloats(Shape.of(divisor.shape().toArray()), numbers));
        return Optional.of(Replacement.of(new Op.Binary(BinaryFunction.MULTIPLY), node.input(0), constant));
    }
}
