package dev.hone.tune;

/** Told how tuning goes on. */
public interface TuningListener {
    /** A problem is taken up. */
    void begin(TuningTask task, int number, int tasks);

    /** A problem is done; the record is in its file already. */
    void found(TuningTask task, TuningRecord record);
}
