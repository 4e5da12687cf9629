package dev.hone.quantize;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import dev.hone.transform.Rewriting;
import java.util.Optional;

/**
 * A linear layer that is worth a lower precision: one row for each token, and enough weights that reading and
 * multiplying them is what it takes time for.
 */
record LargeLinear(Op.Linear op, Tensor weight) {
    private static final int LEAST_COLUMNS = 64;
    private static final int LEAST_DEPTH = 32;

    /** The layer of a node; otherwise the reason is given to the account, if the node is a linear layer at all. */
    static Optional<LargeLinear> of(Node node, Rewriting graph) {
        if (!(node.op() instanceof Op.Linear op)) {
            return Optional.empty();
        }
        Optional<String> reason = misfit(node);
        if (reason.isPresent()) {
            return graph.refuse(node, reason.get());
        }
        Optional<Tensor> weight =
                graph.constant(node.input(1)).filter(tensor -> tensor.type().isFloat());
        if (weight.isEmpty() || !graph.isConstant(node.input(2))) {
            return graph.refuse(node, "its weight " + node.input(1) + " and its bias are not constants of floats");
        }
        return Optional.of(new LargeLinear(op, weight.get()));
    }

    private static Optional<String> misfit(Node node) {
        Value weight = node.input(1);
        if (node.input(0).shape().rank() != 3) {
            return Optional.of("it has one row for a sequence, not one for each token");
        }
        if (node.input(0).type() != DType.F32) {
            return Optional.of("its rows are " + node.input(0).type().text());
        }
        if (weight.shape().dim(0).value() < LEAST_COLUMNS) {
            return Optional.of("it has " + weight.shape().dim(0) + " outputs, fewer than " + LEAST_COLUMNS);
        }
        if (weight.shape().dim(1).value() < LEAST_DEPTH) {
            return Optional.of("it has " + weight.shape().dim(1) + " inputs, fewer than " + LEAST_DEPTH);
        }
        return Optional.empty();
    }

    /**
     * The largest magnitude of each row of a node's weight; the reason is given to the account where a number is not
     * finite.
     *
     * @param matrix the weight, or what is made of it before it is quantised
     */
    static Optional<float[]> rowMagnitudes(Tensor matrix, Node node, Rewriting graph) {
        float[] magnitudes = rowMagnitudes(matrix);
        return Float.isFinite(largest(magnitudes))
                ? Optional.of(magnitudes)
                : graph.refuse(node, "its weight " + node.input(1) + " holds numbers that are not finite");
    }

    /** Reads the matrix once, in the order in which it lies. */
    private static float[] rowMagnitudes(Tensor matrix) {
        int rows = Math.toIntExact(matrix.shape().dim(0).value());
        int columns = Math.toIntExact(matrix.shape().dim(1).value());
        float[] magnitudes = new float[rows];
        boolean byRows = matrix.fastAxis() == 1;
        float[] line = new float[byRows ? columns : rows];
        for (int number = 0; number < (byRows ? rows : columns); number++) {
            long[] start = byRows ? new long[] {number, 0} : new long[] {0, number};
            matrix.readLine(byRows ? 1 : 0, start, line, line.length);
            for (int index = 0; index < line.length; index++) {
                int row = byRows ? number : index;
                magnitudes[row] = Math.max(magnitudes[row], Math.abs(line[index]));
            }
        }
        return magnitudes;
    }

    /** The largest of some magnitudes; NaN where one is. */
    static float largest(float... magnitudes) {
        float largest = 0;
        for (float magnitude : magnitudes) {
            largest = Math.max(largest, magnitude);
        }
        return largest;
    }
}
