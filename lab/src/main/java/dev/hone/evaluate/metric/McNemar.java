package dev.hone.evaluate.metric;

/**
 * McNemar's test in its exact, binomial form: are rows that only one of two models answers right as often the one's as
 * the other's? (McNemar, Note on the sampling error of the difference between correlated proportions, 1947.)
 *
 * @param lost rows that only the first model answers right
 * @param won rows that only the second one does
 * @param probability two-sided: of so uneven a split when neither is better
 */
public record McNemar(long lost, long won, double probability) {
    /** Compares rows whose first number is 1 for a right answer; both have the same rows in the same order. */
    public static McNemar of(Sample first, Outcomes second) {
        long lost = 0;
        long won = 0;
        for (int row : first.chosen()) {
            double before = first.outcomes().value(row, 0);
            double after = second.value(row, 0);
            lost += before > after ? 1 : 0;
            won += after > before ? 1 : 0;
        }
        return of(lost, won);
    }

    static McNemar of(long lost, long won) {
        long rows = lost + won;
        double logTerm = -rows * Math.log(2);
        double tail = 0;
        for (long heads = 0; heads <= Math.min(lost, won); heads++) {
            tail += Math.exp(logTerm);
            logTerm += Math.log((double) (rows - heads) / (heads + 1));
        }
        return new McNemar(lost, won, Math.min(1, 2 * tail));
    }
}
