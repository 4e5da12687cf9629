package dev.hone.cli;

import dev.hone.checkpoint.OnnxWriter;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.measure.Json;
import dev.hone.session.OpenedModel;
import dev.hone.transform.Pipeline;
import dev.hone.transform.Pipelines;
import dev.hone.transform.TransformReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the transforms do to a graph: which fired, which did not and why, and the graph after each. */
@Command(
        name = "transform",
        description = "Simplifies and fuses a model's graph, and says what each pass did.",
        footer = {
            "",
            "Examples:",
            "  hone transform MODEL                        which passes fired, operators before and after",
            "  hone transform MODEL --dump passes          the graph's text before the first and after each pass",
            "  hone transform MODEL --out fused.onnx       the graph as a file for other engines",
            "  hone transform MODEL --html page.html       both graphs to look at, and what each pass did",
            "  hone transform MODEL --verbose              why passes did not fire where they nearly did"
        })
final class TransformCommand implements Callable<Integer> {
    /** How the account is printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "MODEL", description = "A directory in the layout of Hugging Face, or an ONNX file.")
    private Path model = Path.of("");

    @Option(names = "--dump", paramLabel = "DIR", description = "Write the numbered text of the graph after each pass.")
    private @Nullable Path dump;

    @Option(names = "--out", paramLabel = "F.onnx", description = "Write the transformed graph as ONNX.")
    private @Nullable Path output;

    @Option(
            names = "--html",
            paramLabel = "FILE.html",
            description = "Write a page with both graphs and what each pass did, and its data as FILE.json.")
    private @Nullable Path page;

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        try (OpenedModel source = OpenedModel.open(model);
                PageFiles files = page == null ? null : PageFiles.at(model, page)) {
            // Weights are views of the model's files: writing over one of them would change what is written.
            if (output != null) {
                ModelArgument.refuseToOverwrite(model, output);
            }
            Pipeline.Result result = Pipelines.INFERENCE.run(source.graph(), Optional.ofNullable(dump));
            if (output != null) {
                OnnxWriter.write(result.graph(), output);
            }
            result.report().entries().forEach(this::print);
            printOperators(source.graph(), result.graph());
            if (files != null) {
                files.write(new ModelPages(model, spec).transforms(source.graph(), result.graph(), result.report()));
            }
        }
        return 0;
    }

    private void print(TransformReport.Entry entry) {
        PrintWriter out = spec.commandLine().getOut();
        double millis = entry.time().toNanos() / 1e6;
        if (format == Format.JSON) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("pass", entry.pass());
            json.put("fired", entry.fired());
            json.put("nodes_before", entry.nodesBefore());
            json.put("nodes_after", entry.nodesAfter());
            json.put("ms", millis);
            json.put("refusals", entry.refusals());
            out.println(Json.line(json));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-28s fired %4d   nodes %5d -> %5d   %8.1f ms%s%n",
                entry.pass(),
                entry.fired(),
                entry.nodesBefore(),
                entry.nodesAfter(),
                millis,
                entry.refusals().isEmpty()
                        ? ""
                        : "   refused " + entry.refusals().size());
        if (common.verbose()) {
            entry.refusals().forEach(refusal -> out.println("    " + refusal.node() + ": " + refusal.reason()));
        }
    }

    private void printOperators(Graph before, Graph after) {
        Map<String, Integer> old = operators(before);
        Map<String, Integer> fused = operators(after);
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(fused.keySet());
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("operators_before", old);
            json.put("operators_after", fused);
            out.println(Json.line(json));
            return;
        }
        out.printf(Locale.ROOT, "%n%-28s %8s %8s%n", "operator", "before", "after");
        for (String name : names) {
            out.printf(Locale.ROOT, "%-28s %8d %8d%n", name, old.getOrDefault(name, 0), fused.getOrDefault(name, 0));
        }
    }

    private static Map<String, Integer> operators(Graph graph) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Node node : graph.nodes()) {
            counts.merge(node.op().getClass().getSimpleName(), 1, Integer::sum);
        }
        return counts;
    }
}
