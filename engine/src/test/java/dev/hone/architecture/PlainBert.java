package dev.hone.architecture;

import dev.hone.testkit.SmallCheckpoint;

/** A BERT encoder of one layer written out in double precision, apart from graphs; its GELU takes erf by quadrature. */
final class PlainBert {
    private static final double EPSILON = 1e-12;
    private static final int QUADRATURE_STEPS = 2000;

    private final SmallCheckpoint weights;
    private final int hidden;
    private final int heads;

    PlainBert(SmallCheckpoint weights, int hidden, int heads) {
        this.weights = weights;
        this.hidden = hidden;
        this.heads = heads;
    }

    double[][] run(int[] ids, int[] types) {
        double[][] rows = new double[ids.length][hidden];
        for (int token = 0; token < ids.length; token++) {
            add(rows[token], "word_embeddings", ids[token]);
            add(rows[token], "position_embeddings", token);
            add(rows[token], "token_type_embeddings", types[token]);
            norm(rows[token], "bert.embeddings.LayerNorm");
        }
        String layer = "bert.encoder.layer.0.";
        double[][] context = attention(rows, layer + "attention.self.");
        double[][] outputs = new double[ids.length][];
        for (int token = 0; token < ids.length; token++) {
            double[] middle = sum(linear(context[token], layer + "attention.output.dense"), rows[token]);
            norm(middle, layer + "attention.output.LayerNorm");
            double[] inner = linear(middle, layer + "intermediate.dense");
            for (int column = 0; column < inner.length; column++) {
                inner[column] *= normalProbability(inner[column]);
            }
            outputs[token] = sum(linear(inner, layer + "output.dense"), middle);
            norm(outputs[token], layer + "output.LayerNorm");
        }
        return outputs;
    }

    private double[][] attention(double[][] rows, String names) {
        int size = hidden / heads;
        double[][] result = new double[rows.length][hidden];
        for (int token = 0; token < rows.length; token++) {
            double[] query = linear(rows[token], names + "query");
            for (int head = 0; head < hidden; head += size) {
                double total = 0;
                double[] mixed = new double[size];
                for (double[] row : rows) {
                    double weight = Math.exp(product(query, linear(row, names + "key"), head, size) / Math.sqrt(size));
                    double[] value = linear(row, names + "value");
                    total += weight;
                    for (int column = 0; column < size; column++) {
                        mixed[column] += weight * value[head + column];
                    }
                }
                for (int column = 0; column < size; column++) {
                    result[token][head + column] = mixed[column] / total;
                }
            }
        }
        return result;
    }

    private static double product(double[] first, double[] second, int start, int count) {
        double sum = 0;
        for (int column = start; column < start + count; column++) {
            sum += first[column] * second[column];
        }
        return sum;
    }

    private void add(double[] row, String table, int index) {
        float[] values = weights.values("bert.embeddings." + table + ".weight");
        for (int column = 0; column < hidden; column++) {
            row[column] += values[index * hidden + column];
        }
    }

    private static double[] sum(double[] first, double[] second) {
        double[] sum = first.clone();
        for (int column = 0; column < sum.length; column++) {
            sum[column] += second[column];
        }
        return sum;
    }

    private double[] linear(double[] row, String name) {
        float[] weight = weights.values(name + ".weight");
        float[] bias = weights.values(name + ".bias");
        double[] result = new double[bias.length];
        for (int column = 0; column < bias.length; column++) {
            result[column] = bias[column];
            for (int k = 0; k < row.length; k++) {
                result[column] += row[k] * weight[column * row.length + k];
            }
        }
        return result;
    }

    private void norm(double[] row, String name) {
        double mean = 0;
        double squares = 0;
        for (double value : row) {
            mean += value / row.length;
            squares += value * value / row.length;
        }
        double deviation = Math.sqrt(squares - mean * mean + EPSILON);
        for (int column = 0; column < row.length; column++) {
            float gamma = weights.values(name + ".weight")[column];
            float beta = weights.values(name + ".bias")[column];
            row[column] = (row[column] - mean) / deviation * gamma + beta;
        }
    }

    /** The normal distribution function: the integral of its density by the trapezoidal rule. */
    private static double normalProbability(double x) {
        double step = x / QUADRATURE_STEPS;
        double sum = 0;
        for (int index = 0; index <= QUADRATURE_STEPS; index++) {
            double at = index * step;
            double end = index == 0 || index == QUADRATURE_STEPS ? 0.5 : 1;
            sum += end * Math.exp(-at * at / 2);
        }
        return 0.5 + sum * step / Math.sqrt(2 * Math.PI);
    }
}
