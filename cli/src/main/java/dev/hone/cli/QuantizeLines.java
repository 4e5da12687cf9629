package dev.hone.cli;

import dev.hone.calibrate.AnswerAgreement;
import dev.hone.calibrate.OnnxQuantization.Written;
import dev.hone.cli.QuantizeCommand.Format;
import dev.hone.measure.Json;
import dev.hone.onnx.quantize.Preset;
import dev.hone.onnx.quantize.QuantizationAccount;
import dev.hone.onnx.quantize.QuantizedNode;
import dev.hone.onnx.quantize.WeightScheme;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What {@code hone quantize} prints. */
final class QuantizeLines {
    private static final double MEGABYTE = 1e6;
    private static final int NODES_NAMED = 3;

    private final PrintWriter out;
    private final boolean json;
    private final boolean verbose;

    /** @param verbose whether each node is named in the table, not only counted */
    QuantizeLines(PrintWriter out, Format format, boolean verbose) {
        this.out = out;
        this.json = format == Format.JSON;
        this.verbose = verbose;
    }

    void settings(Preset.Choice chosen, WeightScheme scheme) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("preset", chosen.preset().label());
            line.put("reason", chosen.reason());
            line.put("weights", scheme.type().label());
            line.put("per_channel", scheme.perColumn());
            line.put("symmetric_weights", scheme.symmetric());
            line.put("reduced_range", scheme.reducedRange());
            out.println(Json.line(line));
            return;
        }
        out.println("preset    " + chosen.preset().label() + ", because " + chosen.reason());
        out.println("weights   " + scheme.type().label() + (scheme.reducedRange() ? " of 7 bits" : "")
                + (scheme.perColumn() ? ", a scale for each column" : ", one scale for each")
                + (scheme.symmetric() ? "" : ", asymmetric"));
    }

    void graph(boolean fused) {
        if (json) {
            out.println(Json.line(Map.of("fused", fused)));
            return;
        }
        out.println("graph     "
                + (fused ? "of ONNX Runtime's operators; --no-fuse takes the file's own" : "as the file has it"));
    }

    void written(Path file, Written written) {
        QuantizationAccount account = written.account();
        if (json) {
            account.nodes().forEach(node -> out.println(Json.line(node)));
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("file", file.toString());
            line.put("bytes_before", written.bytesBefore());
            line.put("bytes_after", written.bytesAfter());
            line.put("quantized_nodes", account.quantizedNodes());
            line.put("operators_before", account.operatorsBefore());
            line.put("operators_after", account.operatorsAfter());
            out.println(Json.line(line));
            return;
        }
        out.printf(
                Locale.ROOT,
                "size      %.1f MB -> %.1f MB (%.2f times)%n%n",
                written.bytesBefore() / MEGABYTE,
                written.bytesAfter() / MEGABYTE,
                (double) written.bytesBefore() / written.bytesAfter());
        nodes(account.nodes());
        operators(account);
    }

    private void nodes(List<QuantizedNode> nodes) {
        Map<String, List<QuantizedNode>> groups = new TreeMap<>();
        for (QuantizedNode node : nodes) {
            String group = (node.quantized() ? "+ " : "- ")
                    + String.format(Locale.ROOT, "%-12s ", node.operator())
                    + (node.quantized() ? "now " : "as it was: ")
                    + node.account();
            groups.computeIfAbsent(group, key -> new ArrayList<>()).add(node);
        }
        groups.forEach((group, members) -> {
            out.printf(Locale.ROOT, "%4d %s%n", members.size(), group);
            if (verbose || members.size() <= NODES_NAMED) {
                members.forEach(node -> out.println("         " + node.node()));
            }
        });
    }

    private void operators(QuantizationAccount account) {
        TreeSet<String> names = new TreeSet<>(account.operatorsBefore().keySet());
        names.addAll(account.operatorsAfter().keySet());
        out.printf(Locale.ROOT, "%n%-36s %7s %7s%n", "operator", "before", "after");
        for (String name : names) {
            int before = account.operatorsBefore().getOrDefault(name, 0);
            int after = account.operatorsAfter().getOrDefault(name, 0);
            if (before != after) {
                out.printf(Locale.ROOT, "%-36s %7d %7d  %+d%n", name, before, after, after - before);
            }
        }
    }

    void warnings(List<String> warnings) {
        for (String warning : warnings) {
            out.println(json ? Json.line(Map.of("warning", warning)) : "warning: " + warning);
        }
    }

    void agreement(AnswerAgreement agreement) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("sequences", agreement.sequences());
            line.put("mean_cosine", agreement.meanCosine());
            line.put("worst_cosine", agreement.worstCosine());
            agreement.sameLabels().ifPresent(part -> line.put("same_labels", part));
            line.put("bad", agreement.isBad());
            out.println(Json.line(line));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%nanswers beside the original's, of %d sequences in ONNX Runtime: cosine %.6f, the worst %.6f%s%n",
                agreement.sequences(),
                agreement.meanCosine(),
                agreement.worstCosine(),
                agreement.sameLabels().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                ", same labels %.2f %%",
                                100 * agreement.sameLabels().getAsDouble())
                        : "");
        if (agreement.isBad()) {
            out.println("warning: these answers are not the original's; leave operators out with --operators or nodes"
                    + " with --exclude-nodes, or use more and other texts for calibration");
        }
    }
}
