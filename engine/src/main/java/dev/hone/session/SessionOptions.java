package dev.hone.session;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.kernel.LinearSchedules;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.quantize.Calibration;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import dev.hone.tune.TuningRecords;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a model is opened.
 *
 * @param threads workers, the calling thread included; at least 1
 * @param isa the instruction set that kernels are compiled for
 * @param outputs names of the outputs that are computed; empty for all of the model's
 * @param scheme the precision of each large product
 * @param calibration what the scheme needs to know of rows, from {@link Calibrator}
 * @param portable whether answers must have the same bits on every processor with fused multiply-add, which leaves bf16
 *     products away
 * @param schedules how linear layers are walked through; no bit of the answers depends on it
 * @param dump a directory for the numbered text of the graph after each pass
 */
public record SessionOptions(
        int threads,
        Isa isa,
        List<String> outputs,
        Scheme scheme,
        Calibration calibration,
        boolean portable,
        LinearSchedules schedules,
        Optional<Path> dump) {
    private static final int MOST_THREADS = 4096;

    public SessionOptions {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new HoneException(Category.USAGE, "threads " + threads + ": give a number from 1 to " + MOST_THREADS);
        }
        outputs = List.copyOf(outputs);
    }

    /**
     * All cores that this process may use, the widest instruction set, all outputs, single precision, and the schedules
     * of {@link TuningRecords#standardOn}.
     */
    public static SessionOptions defaults() {
        Machine machine = Machine.detect();
        return new SessionOptions(
                machine.cores(),
                machine.chosenIsa(),
                List.of(),
                Scheme.of(Precision.F32),
                Calibration.NONE,
                false,
                TuningRecords.standardOn(machine),
                Optional.empty());
    }

    public SessionOptions withThreads(int count) {
        return new SessionOptions(count, isa, outputs, scheme, calibration, portable, schedules, dump);
    }

    /** @throws HoneException of category MACHINE when this computer does not have the instruction set */
    public SessionOptions withIsa(Isa cap) {
        return new SessionOptions(
                threads, Machine.detect().capped(cap), outputs, scheme, calibration, portable, schedules, dump);
    }

    public SessionOptions withOutputs(List<String> names) {
        return new SessionOptions(threads, isa, names, scheme, calibration, portable, schedules, dump);
    }

    /** One precision for all layers. */
    public SessionOptions withPrecision(Precision wanted) {
        return withScheme(Scheme.of(wanted));
    }

    /** A precision for each layer. */
    public SessionOptions withScheme(Scheme wanted) {
        return new SessionOptions(threads, isa, outputs, wanted, calibration, portable, schedules, dump);
    }

    /** What calibration has found for the scheme. */
    public SessionOptions withCalibration(Calibration found) {
        return new SessionOptions(threads, isa, outputs, scheme, found, portable, schedules, dump);
    }

    public SessionOptions withPortable(boolean wanted) {
        return new SessionOptions(threads, isa, outputs, scheme, calibration, wanted, schedules, dump);
    }

    /** Other schedules than those that the shipped and the user's tuning records choose. */
    public SessionOptions withSchedules(LinearSchedules chosen) {
        return new SessionOptions(threads, isa, outputs, scheme, calibration, portable, chosen, dump);
    }

    public SessionOptions withDump(Path directory) {
        return new SessionOptions(
                threads, isa, outputs, scheme, calibration, portable, schedules, Optional.of(directory));
    }
}
