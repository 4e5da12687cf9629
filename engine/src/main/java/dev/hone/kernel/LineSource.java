package dev.hone.kernel;

/** A matrix that is read one line at a time. */
@FunctionalInterface
public interface LineSource {
    /**
     * Reads a line.
     *
     * @param line which one, from 0
     * @param destination filled from its start, to its end
     */
    void read(int line, float[] destination);
}
