package dev.hone.measure;

/** Told how far a long piece of work has come. */
public interface Progress {
    /** Listens to nothing. */
    Progress SILENT = new Progress() {
        @Override
        public void begin(String phase, int steps) {}

        @Override
        public void step() {}
    };

    /** A phase of that many steps begins; the one before has ended. */
    void begin(String phase, int steps);

    /** One step of the phase is done. */
    void step();
}
