package dev.hone.task;

/**
 * How the vectors of the tokens become the vector of the text.
 *
 * @param mode which tokens count and how
 * @param normalized whether the vector is scaled to length 1
 */
public record Pooling(Mode mode, boolean normalized) {
    /** Which tokens count and how. */
    public enum Mode {
        MEAN,
        CLS,
        MAX
    }

    /** What is used where a model directory says nothing. */
    public static final Pooling DEFAULT = new Pooling(Mode.MEAN, true);

    float[] apply(OutputRows tokens) {
        double[] pooled = switch (mode) {
            case MEAN -> mean(tokens);
            case CLS -> Scores.widen(tokens.row(0));
            case MAX -> max(tokens);
        };
        double scale = normalized ? 1 / Math.max(length(pooled), 1e-12) : 1;
        float[] embedding = new float[pooled.length];
        for (int column = 0; column < pooled.length; column++) {
            embedding[column] = (float) (pooled[column] * scale);
        }
        return embedding;
    }

    private static double[] mean(OutputRows tokens) {
        double[] mean = new double[tokens.width()];
        for (int row = 0; row < tokens.count(); row++) {
            for (int column = 0; column < mean.length; column++) {
                mean[column] += tokens.value(row, column);
            }
        }
        for (int column = 0; column < mean.length; column++) {
            mean[column] /= tokens.count();
        }
        return mean;
    }

    private static double[] max(OutputRows tokens) {
        double[] max = Scores.widen(tokens.row(0));
        for (int row = 1; row < tokens.count(); row++) {
            for (int column = 0; column < max.length; column++) {
                max[column] = Math.max(max[column], tokens.value(row, column));
            }
        }
        return max;
    }

    private static double length(double[] vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}
