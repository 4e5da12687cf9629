package dev.hone.transform;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passes in order.
 *
 * <p>Every graph is verified when it is made, so each pass is checked before and after.
 */
public final class Pipeline {
    private final String name;
    private final List<Pass> passes;

    private Pipeline(String name, List<Pass> passes) {
        this.name = name;
        this.passes = List.copyOf(passes);
    }

    public static Pipeline named(String name) {
        return new Pipeline(name, List.of());
    }

    public Pipeline then(Pass pass) {
        List<Pass> longer = new ArrayList<>(passes);
        longer.add(pass);
        return new Pipeline(name, longer);
    }

    /** One pass for a rule, tried at every node. */
    public Pipeline then(RewriteRule rule) {
        return then(new RulePass(rule));
    }

    public String name() {
        return name;
    }

    public List<Pass> passes() {
        return passes;
    }

    /** The transformed graph and the account of it. */
    public record Result(Graph graph, TransformReport report) {}

    public Result run(Graph graph) {
        return run(graph, Optional.empty());
    }

    /**
     * Runs the passes.
     *
     * @param dump a directory that gets the text of the graph before the first and after each pass, numbered
     * @throws HoneException of category OUTPUT when the directory cannot be written
     */
    public Result run(Graph graph, Optional<Path> dump) {
        dump.ifPresent(directory -> write(directory, 0, "Input", graph));
        List<TransformReport.Entry> entries = new ArrayList<>();
        Graph current = graph;
        for (Pass pass : passes) {
            PassAccount account = new PassAccount();
            long start = System.nanoTime();
            Graph next = pass.apply(current, account);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            entries.add(new TransformReport.Entry(
                    pass.name(),
                    account.places(),
                    current.nodes().size(),
                    next.nodes().size(),
                    time,
                    account.refusals()));
            current = next;
            int number = entries.size();
            Graph written = current;
            dump.ifPresent(directory -> write(directory, number, pass.name(), written));
        }
        return new Result(current, new TransformReport(name, entries));
    }

    private static void write(Path directory, int number, String pass, Graph graph) {
        Path file = directory.resolve("%03d_%s.txt".formatted(number, pass));
        try {
            Files.createDirectories(directory);
            Files.writeString(file, GraphText.print(graph));
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT, file + ": the graph's text cannot be written: " + failure.getMessage(), failure);
        }
    }
}
