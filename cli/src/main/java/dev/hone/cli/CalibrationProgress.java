package dev.hone.cli;

import dev.hone.measure.Progress;
import dev.hone.session.Calibrator;

/** Shows how far calibration is. */
final class CalibrationProgress implements Calibrator.Listener {
    private final Progress progress = TerminalProgress.onStandardError();

    @Override
    public void begin(int texts) {
        progress.begin("calibration", texts);
    }

    @Override
    public void ran() {
        progress.step();
    }

    void end() {
        progress.begin("", 0);
    }
}
