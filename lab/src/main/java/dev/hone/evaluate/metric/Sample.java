package dev.hone.evaluate.metric;

/**
 * Rows chosen from outcomes, some perhaps more than once.
 *
 * @param chosen indices of rows
 */
@SuppressWarnings("ArrayRecordComponent") // Made anew for each draw of a bootstrap, and only read.
public record Sample(Outcomes outcomes, int[] chosen) {
    int size() {
        return chosen.length;
    }

    double value(int index, int column) {
        return outcomes.value(chosen[index], column);
    }

    double sum(int column) {
        double sum = 0;
        for (int row : chosen) {
            sum += outcomes.value(row, column);
        }
        return sum;
    }

    double[] column(int column) {
        double[] values = new double[chosen.length];
        for (int index = 0; index < values.length; index++) {
            values[index] = value(index, column);
        }
        return values;
    }
}
