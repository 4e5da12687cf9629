package dev.hone.sweep;

/** Is told how a sweep goes. */
public interface SweepListener {
    /**
     * A setting was measured, or could not be.
     *
     * @param done settings so far
     * @param all settings of the grid
     * @param secondsLeft estimated from those that were measured until now
     */
    void measured(SweepRow row, int done, int all, double secondsLeft);

    /** The operator types will now be measured one by one. */
    void selecting(Setting base, int operators);

    /** An operator type was measured. */
    void selected();
}
