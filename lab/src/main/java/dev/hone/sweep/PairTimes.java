package dev.hone.sweep;

/**
 * Times of two models that answered all rows once, by turns.
 *
 * @param reference of the model that the other one is held against
 * @param setting of the model of a setting
 */
record PairTimes(Pass reference, Pass setting) {
    /**
     * One way through all rows.
     *
     * @param slices milliseconds of each turn
     * @param calls milliseconds of each call
     */
    @SuppressWarnings("ArrayRecordComponent") // Read only; JSON has no other form for it.
    record Pass(double[] slices, double[] calls) {}
}
