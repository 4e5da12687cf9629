package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.transform.NamedTransform.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All transforms by name: those that Optimum and TVM publish, and the passes of Hone's own pipeline. */
public final class Transforms {
    private static final List<NamedTransform> ALL = all(new BindParams(Map.of()));

    private Transforms() {}

    /** The published ones first, in the order in which their sources list them. */
    public static List<NamedTransform> all() {
        return ALL;
    }

    /** All transforms, with numbers for inputs that {@code BindParams} makes constant. */
    public static List<NamedTransform> all(BindParams binding) {
        List<NamedTransform> all = new ArrayList<>(published(binding));
        for (Pass pass : Pipelines.INFERENCE.passes()) {
            boolean known = all.stream().anyMatch(transform -> transform.name().equals(pass.name()));
            if (!known) {
                String description = "A pass of Hone's own pipeline, which hone transform without --passes runs.";
                all.add(new NamedTransform(pass.name(), Source.HONE, description, true, pass, Optional.empty()));
            }
        }
        String apart = "Takes fused operators apart into the small ones that exported files have.";
        all.add(new NamedTransform("TakeApart", Source.HONE, apart, true, new TakeApart(), Optional.empty()));
        return List.copyOf(all);
    }

    /** The transform of a name, whatever the case of its letters. */
    public static Optional<NamedTransform> named(String name, List<NamedTransform> among) {
        return among.stream()
                .filter(transform -> transform.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    static List<String> reversibleNames() {
        return ALL.stream()
                .filter(transform -> transform.reversal().isPresent())
                .map(NamedTransform::name)
                .toList();
    }

    private static List<NamedTransform> published(BindParams binding) {
        List<NamedTransform> all = new ArrayList<>(ofOptimum());
        all.addAll(ofTvm(binding));
        return all;
    }

    private static List<NamedTransform> ofOptimum() {
        Pass merge = new Sequence("MergeLinears", new RulePass(new MergeLinears()), new MergeParallelLinears());
        Pass split = new SplitMergedLinears();
        Pass biasOut = new RulePass(new MoveBiasOutOfWeight());
        Pass byInverse = new RulePass(new MultiplyByInverse());
        Pass divide = new RulePass(new DivideAgain());
        Pass dropout = new RulePass(new RemoveDropout());
        String merges = "Makes one linear layer of those that read the same rows, and hands its columns out again.";
        String moves = "Puts the bias of a linear layer into its weight, as a row that meets a column of ones.";
        return List.of(
                optimum(merges, merge).withReverse(split),
                optimum(moves, new MoveBiasIntoWeight()).withReverse(biasOut),
                optimum("Multiplies by the inverse of a number instead of dividing by it.", byInverse)
                        .withReverse(divide),
                optimum("Removes dropout, which does nothing when a model answers.", dropout),
                optimum(
                        "Infers every type again and names what nothing reads; changes nothing.",
                        new LintAndRecompile()),
                optimum("Copies all constants out of the model's files.", new DeepCopy()));
    }

    private static List<NamedTransform> ofTvm(BindParams binding) {
        Pass unstack = new RulePass(new UnstackLinears());
        Pass common = new Renamed("EliminateCommonSubexpr", new EliminateCommonSubexpressions());
        Pass dead = new Renamed("DeadCodeElimination", new DeadCode());
        String stacks = "Makes a batch of products of three or more layers of one size that read the same rows.";
        String joins = "Makes one product of three or more products of computed values with one left operand.";
        return List.of(
                tvm("Computes what depends on constants only.", foldConstant()),
                tvm("Makes constants of inputs that always hold the same number.", binding),
                tvm("Computes once what is computed twice from the same operands.", common),
                tvm("Removes arithmetic, moves and changes of shape that change nothing.", simplify()),
                tvm(stacks, new StackParallelLinears()).withReverse(unstack),
                tvm(joins, new MergeParallelProducts()),
                fastMath(),
                tvm("Removes what no output needs.", dead));
    }

    private static NamedTransform fastMath() {
        String approximates =
                "Approximates erf (within 3.6e-4), GELU (4.8e-4), tanh (1e-4) and exp (2e-3 of its value).";
        Pass pass = new RulePass(new FastMath());
        return new NamedTransform("FastMath", Source.TVM, approximates, false, pass, Optional.empty());
    }

    private static Pass foldConstant() {
        return new Sequence("FoldConstant", new RulePass(new FoldConstants()), new RulePass(new EvaluateConstants()));
    }

    private static Pass simplify() {
        return new Sequence("SimplifyExpr", new RulePass(new SimplifyShapes()), new RulePass(new SimplifyArithmetic()));
    }

    private static NamedTransform optimum(String description, Pass pass) {
        return new NamedTransform(pass.name(), Source.OPTIMUM, description, true, pass, Optional.empty());
    }

    private static NamedTransform tvm(String description, Pass pass) {
        return new NamedTransform(pass.name(), Source.TVM, description, true, pass, Optional.empty());
    }

    /** A pass under its published name. */
    private record Renamed(String name, Pass pass) implements Pass {
        @Override
        public Graph apply(Graph graph, PassAccount account) {
            return pass.apply(graph, account);
        }
    }

    /** Two passes under one name and with one account, repeated until neither fires. */
    private record Sequence(String name, Pass first, Pass second) implements Pass {
        @Override
        public Graph apply(Graph graph, PassAccount account) {
            Graph current = graph;
            int fired = -1;
            while (fired < account.fired()) {
                fired = account.fired();
                current = second.apply(first.apply(current, account), account);
            }
            return current;
        }
    }
}
