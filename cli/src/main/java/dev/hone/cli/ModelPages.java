package dev.hone.cli;

import dev.hone.graph.Graph;
import dev.hone.measure.MachineRecord;
import dev.hone.profile.GroupProfile;
import dev.hone.profile.ModelProfile;
import dev.hone.report.Fact;
import dev.hone.report.GraphPicture;
import dev.hone.report.Heading;
import dev.hone.report.OperatorTimes;
import dev.hone.report.PassOutcome;
import dev.hone.report.Report;
import dev.hone.report.Setting;
import dev.hone.session.OpenedModel;
import dev.hone.session.Session;
import dev.hone.transform.TransformReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The pages about one model: where its time goes, and what the transforms make of it. */
final class ModelPages {
    private static final Pattern PLAIN_WORD = Pattern.compile("[\\w@%+=:,./-]+");

    private final Path model;
    private final String command;

    ModelPages(Path model, CommandSpec spec) {
        this.model = model;
        this.command = typed(spec);
    }

    /** What was typed, so that it can be repeated. */
    static String typed(CommandSpec spec) {
        List<String> words = spec.root().commandLine().getParseResult().originalArgs();
        return "hone "
                + words.stream()
                        .map(word -> PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));
    }

    /** The page of a profile. */
    Report profile(Session session, String input, String precision, ModelProfile profile) {
        List<Fact> facts = new ArrayList<>(facts(session.graph()));
        facts.add(new Fact("precision", precision));
        facts.add(new Fact("input", input));
        List<GraphPicture> graphs = new ArrayList<>();
        if (!session.report().entries().isEmpty()) {
            try (OpenedModel source = OpenedModel.open(model)) {
                graphs.add(GraphPicture.of("as opened", source.graph(), List.of()));
            }
        }
        graphs.add(GraphPicture.of("as run", session.graph(), profile.steps()));
        return new Report(
                new Heading("Profile of " + name(), summary(input, precision, profile), command),
                new Setting(
                        MachineRecord.here(Map.of()),
                        profile.summary().waitingMillis().size(),
                        facts,
                        List.of()),
                null,
                List.of(OperatorTimes.of(precision, input, profile)),
                graphs,
                PassOutcome.of(session.report()));
    }

    /** The page of the transforms. */
    Report transforms(Graph before, Graph after, TransformReport report) {
        long fired =
                report.entries().stream().filter(entry -> entry.fired() > 0).count();
        List<String> summary = List.of(
                "The graph as opened has %d nodes, the transformed graph has %d."
                        .formatted(before.nodes().size(), after.nodes().size()),
                "%d of %d passes changed it, in %.0f ms."
                        .formatted(fired, report.entries().size(), report.time().toNanos() / 1e6));
        return new Report(
                new Heading("Transforms of " + name(), summary, command),
                new Setting(
                        MachineRecord.here(Map.of()),
                        Runtime.getRuntime().availableProcessors(),
                        facts(after),
                        List.of()),
                null,
                List.of(),
                List.of(
                        GraphPicture.of("as opened", before, List.of()),
                        GraphPicture.of("transformed", after, List.of())),
                PassOutcome.of(report));
    }

    /** The model's directory; the file's own name where it says more than {@code model.onnx}. */
    private String name() {
        Path absolute = model.toAbsolutePath().normalize();
        String file = String.valueOf(absolute.getFileName());
        return file.equals("model.onnx") && absolute.getParent() != null
                ? absolute.getParent().getFileName() + "/" + file
                : file;
    }

    private List<Fact> facts(Graph graph) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("path", model.toString()));
        facts.addAll(Fact.ofGraph(graph));
        return facts;
    }

    private static List<String> summary(String input, String precision, ModelProfile profile) {
        ModelProfile.Summary run = profile.summary();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "A run of %s in %s takes %.3g ms (95 %% interval %.3g to %.3g), with %d threads.",
                input,
                precision,
                run.millis(),
                run.interval().low(),
                run.interval().high(),
                run.waitingMillis().size()));
        for (GroupProfile kind : profile.kinds().stream().limit(3).toList()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s takes %.1f %% of it, in %d steps, and is at %.0f %% of what the machine can do.",
                    kind.name(),
                    100 * kind.share(),
                    kind.steps(),
                    100 * kind.rate().shareOfLimit()));
        }
        lines.add(String.format(
                Locale.ROOT,
                "Outside of steps (copying inputs and answers, waking threads) it spends %.3g ms.",
                run.outsideMillis()));
        return lines;
    }
}
