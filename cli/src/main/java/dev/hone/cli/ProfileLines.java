package dev.hone.cli;

import dev.hone.measure.Json;
import dev.hone.profile.GroupProfile;
import dev.hone.profile.ModelProfile;
import dev.hone.profile.StepProfile;
import java.util.ArrayList;
import java.util.List;

/** A profile as one JSON object a line; what a line is about stands in its first field. */
final class ProfileLines {
    private record RunLine(String about, String input, String precision, ModelProfile.Summary run) {}

    private record StepLine(String about, String input, String precision, StepProfile step) {}

    private record GroupLine(String about, String input, String precision, GroupProfile total) {}

    private ProfileLines() {}

    /** The run, the steps in the order of the plan, then totals by kind and by layer. */
    static List<String> of(String input, String precision, ModelProfile profile) {
        List<Object> lines = new ArrayList<>();
        lines.add(new RunLine("run", input, precision, profile.summary()));
        profile.steps().forEach(step -> lines.add(new StepLine("step", input, precision, step)));
        profile.kinds().forEach(kind -> lines.add(new GroupLine("kind", input, precision, kind)));
        profile.layers().forEach(layer -> lines.add(new GroupLine("layer", input, precision, layer)));
        return lines.stream().map(Json::line).toList();
    }
}
