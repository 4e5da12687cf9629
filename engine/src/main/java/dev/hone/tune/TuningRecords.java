package dev.hone.tune;

import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearSchedule;
import dev.hone.kernel.LinearSchedules;
import dev.hone.machine.Machine;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of problems and processors: the best record of each, from any number of files. Immutable. */
public final class TuningRecords {
    private final Map<Key, TuningRecord> best;

    private record Key(String problem, String processor) {}

    private TuningRecords(Map<Key, TuningRecord> best) {
        this.best = best;
    }

    /** The records that come with Hone and those of the user's own file, where there is one. */
    private static TuningRecords standard() {
        return of(RecordFile.shipped()).with(RecordFile.at(userFile()).read());
    }

    /**
     * The schedules that those records give for a computer. The files are read when the first schedule is asked for:
     * who opens a compiled model asks for none.
     */
    public static LinearSchedules standardOn(Machine machine) {
        return new LinearSchedules() {
            private @Nullable LinearSchedules known;

            @Override
            public synchronized LinearSchedule of(LinearProblem problem) {
                LinearSchedules schedules = known;
                if (schedules == null) {
                    schedules = standard().on(machine);
                    known = schedules;
                }
                return schedules.of(problem);
            }
        };
    }

    public static TuningRecords of(Collection<TuningRecord> records) {
        return new TuningRecords(Map.of()).with(records);
    }

    /** Where {@code hone tune} keeps what it finds: in the user's data directory, by the XDG rules. */
    public static Path userFile() {
        String home = System.getenv("XDG_DATA_HOME");
        Path data = home != null && home.startsWith("/")
                ? Path.of(home)
                : Path.of(System.getProperty("user.home"), ".local", "share");
        return data.resolve("hone").resolve("tuning.jsonl");
    }

    /** These and more; of two for the same problem and processor the one that gained more stays. */
    public TuningRecords with(Collection<TuningRecord> more) {
        Map<Key, TuningRecord> merged = new LinkedHashMap<>(best);
        for (TuningRecord record : more) {
            merged.merge(
                    new Key(record.problem(), record.processor()),
                    record,
                    (old, found) -> found.gain().ratio() < old.gain().ratio() ? found : old);
        }
        return new TuningRecords(merged);
    }

    public Collection<TuningRecord> all() {
        return best.values();
    }

    public Optional<TuningRecord> find(LinearProblem problem, Machine machine) {
        return Optional.ofNullable(best.get(new Key(problem.line(), machine.model())));
    }

    /** The schedules for a computer: the recorded ones, the usual ones where there is no record that fits. */
    public LinearSchedules on(Machine machine) {
        return problem -> find(problem, machine)
                .map(TuningRecord::schedule)
                .filter(schedule -> isUsable(problem, schedule, machine))
                .orElseGet(problem::usualSchedule);
    }

    /** Records come from files: a schedule that the registers do not hold would be slow, and long to compile. */
    private static boolean isUsable(LinearProblem problem, LinearSchedule schedule, Machine machine) {
        return new CostModel(problem, machine, 1).fits(schedule);
    }
}
