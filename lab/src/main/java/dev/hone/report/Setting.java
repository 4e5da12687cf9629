package dev.hone.report;

import dev.hone.measure.MachineRecord;
import java.util.List;

/**
 * What was measured, with what, and where.
 *
 * @param data empty where no data were needed
 */
public record Setting(MachineRecord machine, int threads, List<Fact> model, List<Fact> data) {
    public Setting {
        model = List.copyOf(model);
        data = List.copyOf(data);
    }
}
