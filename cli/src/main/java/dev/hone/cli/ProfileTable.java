package dev.hone.cli;

import dev.hone.profile.GroupProfile;
import dev.hone.profile.ModelProfile;
import dev.hone.profile.StepProfile;
import dev.hone.profile.StepRate;
import dev.hone.tensor.DType;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A profile as tables for people: the longest steps first, totals, and what is not part of any step. */
final class ProfileTable {
    private static final String HEADER =
            String.format(Locale.ROOT, "%9s %5s %8s %9s %7s %6s", "ms", "%", "waiting", "Gop/s", "GB/s", "limit");

    private final ModelProfile profile;
    private final ModelProfile.Summary run;
    private final int steps;

    /** @param steps that are printed; 0 for all */
    ProfileTable(ModelProfile profile, int steps) {
        this.profile = profile;
        this.run = profile.summary();
        this.steps = steps <= 0 ? Integer.MAX_VALUE : steps;
    }

    void print(String title, PrintWriter out) {
        head(title, out);
        steps(out);
        groups("by kind", profile.kinds(), out);
        groups("by layer", profile.layers(), out);
        out.printf(
                Locale.ROOT,
                "%nwhole run %.3f ms = %.3f in steps + %.3f outside of them (copying, waking)"
                        + " + %.3f that come to other steps in each run%n",
                run.millis(),
                run.stepsMillis(),
                run.outsideMillis(),
                run.millis() - run.stepsMillis() - run.outsideMillis());
        String waits = run.waitingMillis().stream()
                .map(millis -> String.format(Locale.ROOT, "%.3f", millis))
                .collect(Collectors.joining(", "));
        out.println("waiting for other threads, each thread: " + waits + " ms");
        out.println();
    }

    private void head(String title, PrintWriter out) {
        out.println(title + ": " + run.sequences() + " sequences, " + run.rows() + " tokens, "
                + run.waitingMillis().size() + " threads");
        out.printf(
                Locale.ROOT,
                "median %.3f ms [%.3f - %.3f] of %d runs with times noted, %.3f ms without%n",
                run.millis(),
                run.interval().low(),
                run.interval().high(),
                run.runs(),
                run.plainMillis());
        Double tokenizer = run.tokenizerMillis();
        if (tokenizer != null) {
            out.printf(Locale.ROOT, "tokenizer %.3f ms before each run%n", tokenizer);
        }
        String peaks = run.limits().operations().entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %.0f Gop/s", name(entry.getKey()), entry.getValue() / 1e9))
                .collect(Collectors.joining(", "));
        out.printf(
                Locale.ROOT,
                "limits: %s, weights %.0f GB/s, rows %.0f GB/s%n%n",
                peaks,
                run.limits().weightBytes() / 1e9,
                run.limits().rowBytes() / 1e9);
    }

    private static String name(DType arithmetic) {
        return arithmetic == DType.I8 ? "bytes" : arithmetic.text();
    }

    private void steps(PrintWriter out) {
        out.println(HEADER + "  layer problem");
        List<StepProfile> longest = profile.steps().stream()
                .sorted(Comparator.comparingDouble(StepProfile::millis).reversed())
                .toList();
        for (StepProfile step : longest.subList(0, Math.min(steps, longest.size()))) {
            Integer layer = step.layer();
            out.println(numbers(step.millis(), step.waitingMillis(), step.rate())
                    + String.format(
                            Locale.ROOT,
                            "  %5s %s",
                            layer == null ? "-" : layer.toString(),
                            withoutIsa(step.problem())));
        }
        if (longest.size() > steps) {
            double rest = longest.subList(steps, longest.size()).stream()
                    .mapToDouble(StepProfile::millis)
                    .sum();
            out.printf(Locale.ROOT, "%9.3f in %d more steps; --steps 0 prints all%n", rest, longest.size() - steps);
        }
    }

    /** The instruction set is the same for all and stands above. */
    private static String withoutIsa(String problem) {
        return problem.replaceFirst(" isa=\\S+", "");
    }

    private void groups(String title, List<GroupProfile> groups, PrintWriter out) {
        out.println();
        out.println(HEADER + "  steps " + title);
        for (GroupProfile group : groups) {
            out.println(numbers(group.millis(), group.waitingMillis(), group.rate())
                    + String.format(Locale.ROOT, "  %5d %s", group.steps(), group.name()));
        }
    }

    private String numbers(double millis, double waiting, StepRate rate) {
        return String.format(
                Locale.ROOT,
                "%9.3f %5.1f %8.3f %9s %7s %6s",
                millis,
                100 * millis / run.millis(),
                waiting,
                rate.giga() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", rate.giga()),
                String.format(Locale.ROOT, "%.1f", rate.gigabytes()),
                String.format(Locale.ROOT, "%.0f %%", 100 * rate.shareOfLimit()));
    }
}
