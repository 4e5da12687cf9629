package dev.hone.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.graph.Graph;
import dev.hone.graph.GraphDifference;
import dev.hone.graph.GraphText;
import dev.hone.reference.ReferenceInterpreter;
import dev.hone.tensor.Tensor;
import dev.hone.transform.Pass;
import dev.hone.transform.PassAccount;
import dev.hone.transform.Pipeline;
import dev.hone.transform.RewriteRule;
import dev.hone.transform.TransformReport;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;

/**
 * The three tests of a rule or pass, on graphs in text form: it fires, it stays silent and says why, it keeps the
 * numbers.
 *
 * <pre>{@code
 * RuleTester.of(new RemoveDropout()).on("""
 *         input %x: f32[2]
 *         %y: f32[2] = dropout{rate=0.1}(%x)
 *         output y = %y
 *         """).becomes("""
 *         input %x: f32[2]
 *         output y = %x
 *         """);
 * }</pre>
 */
public final class RuleTester {
    private final Pipeline pipeline;

    private RuleTester(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    public static RuleTester of(RewriteRule rule) {
        return new RuleTester(Pipeline.named("test").then(rule));
    }

    public static RuleTester of(Pass pass) {
        return new RuleTester(Pipeline.named("test").then(pass));
    }

    /** Several passes, where one rule prepares what another fuses. */
    public static RuleTester of(Pipeline pipeline) {
        return new RuleTester(pipeline);
    }

    /** Runs on a graph; its constants are all written out. */
    public Outcome on(String text) {
        Graph before = GraphText.parse(text);
        Pipeline.Result result = pipeline.run(before);
        return new Outcome(before, result.graph(), result.report());
    }

    /**
     * What came of it.
     *
     * @param before the graph that was given
     * @param after the graph that the rule made of it
     * @param report what the rule says that it did
     */
    public record Outcome(Graph before, Graph after, TransformReport report) {
        /**
         * Asserts that the rule fired, that the result is the expected graph, whatever its values are called, and that
         * it gives the numbers of the graph before.
         */
        public Outcome becomes(String expected) {
            Graph wanted = GraphText.parse(expected);
            assertThat(fired()).as("times that it fired on %s", before).isPositive();
            assertThat(GraphDifference.between(after, wanted))
                    .as("differences of%n%s%nfrom the expected graph", after)
                    .isEmpty();
            assertThat(after.nodes()).as("nodes of%n%s", after).hasSameSizeAs(wanted.nodes());
            keepsNumbers();
            return this;
        }

        private void keepsNumbers() {
            Map<String, Tensor> inputs = new DrawnInputs(before).tensors();
            Map<String, Tensor> wanted = ReferenceInterpreter.run(before, inputs);
            Map<String, Tensor> found = ReferenceInterpreter.run(after, inputs);
            assertThat(found.keySet()).isEqualTo(wanted.keySet());
            int compared = 0;
            for (Map.Entry<String, Tensor> output : wanted.entrySet()) {
                float[] numbers = output.getValue().toFloatArray();
                float[] others =
                        Objects.requireNonNull(found.get(output.getKey())).toFloatArray();
                assertThat(others).as("output %s", output.getKey()).hasSameSizeAs(numbers);
                for (int index = 0; index < numbers.length; index++, compared++) {
                    assertThat(others[index])
                            .as("element %d of %s", index, output.getKey())
                            .isCloseTo(numbers[index], Offset.offset(bound(numbers[index])));
                }
            }
            assertThat(compared).as("compared numbers").isPositive();
        }

        /**
         * Each node rounds its result once, by half a unit in the last place of numbers around 1 or around the result;
         * what follows magnifies that by at most 32: a quotient by the deviation of two numbers that are 1/16 apart.
         */
        private float bound(float expected) {
            int roundings = before.nodes().size() + after.nodes().size();
            return 32 * Math.ulp(0.5f) * roundings * Math.max(1, Math.abs(expected));
        }

        /** Asserts that nothing changed and that there was nothing to say about it. */
        public void staysSilent() {
            unchanged();
            assertThat(refusals()).as("refusals").isEmpty();
        }

        /** Asserts that nothing changed, and that the reason with these words was given at this node. */
        public void staysSilentBecause(String node, String reason) {
            unchanged();
            assertThat(refusals()).as("refusals").anySatisfy(refusal -> {
                assertThat(refusal.node()).isEqualTo(node);
                assertThat(refusal.reason()).contains(reason);
            });
        }

        private void unchanged() {
            assertThat(fired())
                    .as("times that it fired; the graph is now%n%s", after)
                    .isZero();
            assertThat(after).as("the graph").hasToString(before.toString());
        }

        private int fired() {
            return report.entries().stream()
                    .mapToInt(TransformReport.Entry::fired)
                    .sum();
        }

        private List<PassAccount.Refusal> refusals() {
            return report.entries().stream()
                    .flatMap(entry -> entry.refusals().stream())
                    .toList();
        }
    }
}
