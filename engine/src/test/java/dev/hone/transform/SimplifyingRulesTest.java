package dev.hone.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.testkit.RuleTester;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules that remove, share and pick: dropout, shapes, equal nodes, activations, tokens, columns, dead code. */
class SimplifyingRulesTest {
    private static final String X = "graph small\ninput %x: f32[batch, sequence, 2]\n";

    @Test
    void dropoutGoes() {
        RuleTester.of(new RemoveDropout()).on(X + """
                %d: f32[batch, sequence, 2] = dropout{rate=0.1}(%x)
                %y: f32[batch, sequence, 2] = unary{function=exp}(%d)
                output y = %y
                """).becomes(X + """
                %y: f32[batch, sequence, 2] = unary{function=exp}(%x)
                output y = %y
                """);
        RuleTester.of(new RemoveDropout()).on(X + """
                %y: f32[batch, sequence, 2] = unary{function=exp}(%x)
                output y = %y
                """).staysSilent();
    }

    @Test
    void whatChangesNothingGoes() {
        RuleTester.of(new SimplifyShapes()).on(X + """
                %a: f32[batch, sequence, 2] = cast{to=f32}(%x)
                %b: f32[batch, sequence, 2] = transpose{permutation=0 1 2}(%a)
                %c: f32[batch, sequence, 2] = slice{axis=1; start=0; end=sequence}(%b)
                %d: f32[batch, sequence, 2] = expand{target=[batch, sequence, 2]}(%c)
                %e: f32[batch, 2*sequence] = reshape{target=[batch, 2*sequence]}(%d)
                %f: f32[batch, 1, 2*sequence] = reshape{target=[batch, 1, 2*sequence]}(%e)
                output y = %f
                """).becomes(X + """
                %f: f32[batch, 1, 2*sequence] = reshape{target=[batch, 1, 2*sequence]}(%x)
                output y = %f
                """);
        RuleTester.of(new SimplifyShapes()).on(X + """
                %a: i64[batch, sequence, 2] = cast{to=i64}(%x)
                %b: i64[batch, 2, sequence] = transpose{permutation=0 2 1}(%a)
                %c: i64[batch, 1, sequence] = slice{axis=1; start=0; end=1}(%b)
                output y = %c
                """).staysSilent();
    }

    @Test
    void equalNodesAndConstantsAreShared() {
        RuleTester.of(new EliminateCommonSubexpressions()).on(X + """
                constant %one: f32[] = {1}
                constant %uno: f32[] = {1}
                %a: f32[batch, sequence, 2] = binary{function=add}(%x, %one)
                %b: f32[batch, sequence, 2] = binary{function=add}(%x, %uno)
                %y: f32[batch, sequence, 2] = binary{function=multiply}(%a, %b)
                output y = %y
                """).becomes(X + """
                constant %one: f32[] = {1}
                %a: f32[batch, sequence, 2] = binary{function=add}(%x, %one)
                %y: f32[batch, sequence, 2] = binary{function=multiply}(%a, %a)
                output y = %y
                """);
    }

    @Test
    void almostEqualNodesAndConstantsStay() {
        RuleTester.of(new EliminateCommonSubexpressions()).on(X + """
                constant %one: f32[] = {1}
                constant %row: f32[1] = {1}
                constant %zero: f32[] = {0.0}
                constant %negative: f32[] = {-0.0}
                constant %whole: i64[] = {1}
                %a: f32[batch, sequence, 2] = binary{function=add}(%x, %one)
                %b: f32[batch, sequence, 2] = binary{function=add}(%x, %row)
                %c: f32[batch, sequence, 2] = binary{function=add}(%x, %zero)
                %d: f32[batch, sequence, 2] = binary{function=add}(%x, %negative)
                %e: f32[batch, sequence, 2] = binary{function=subtract}(%x, %zero)
                output a = %a
                output b = %b
                output c = %c
                output d = %d
                output e = %e
                output f = %whole
                """).staysSilent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GELU       | divide(x, root2) erf(a) add(b, one) multiply(x, c) multiply(d, half)
            GELU       | multiply(x, half) divide(x, root2) erf(b) add(c, one) multiply(a, d)
            GELU_QUICK | multiply(x, quick) sigmoid(a) multiply(x, b)
            SILU       | sigmoid(x) multiply(x, a)
            TANH       | tanh(x)
            RELU       | maximum(x, zero)
            GELU_TANH  | power(x, three) multiply(a, cubic) add(x, b) multiply(c, root2pi) \
            tanh(d) add(e, one) multiply(f, x) multiply(g, half)
            GELU_TANH  | multiply(x, x) multiply(a, x) multiply(cubic, b) add(c, x) multiply(root2pi, d) \
            tanh(e) add(one, f) multiply(x, half) multiply(h, g)
            """)
    void activationsHoweverTheyAreWritten(Activation activation, String steps) {
        RuleTester.of(new FuseActivation()).on(written(steps)).becomes(X + """
                %y: f32[batch, sequence, 2] = activate{activation=FUNCTION}(%x)
                output y = %y
                """.replace("FUNCTION", camel(activation)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            divide(x, root2) erf(a) add(b, one) multiply(x, c) multiply(d, one)
            multiply(x, half) sigmoid(a) multiply(x, b)
            maximum(x, half)
            multiply(x, half)
            """)
    void otherFunctionsAreNoActivations(String steps) {
        RuleTester.of(new FuseActivation()).on(written(steps)).staysSilent();
    }

    private static String camel(Activation activation) {
        String[] words = activation.name().toLowerCase(Locale.ROOT).split("_", -1);
        String rest =
                words.length == 1 ? "" : words[1].substring(0, 1).toUpperCase(Locale.ROOT) + words[1].substring(1);
        return words[0] + rest;
    }

    /** Steps are named a, b, c, … in turn. */
    private static String written(String steps) {
        StringBuilder text = new StringBuilder(X + """
                constant %zero: f32[] = {0.0}
                constant %half: f32[] = {0.5}
                constant %one: f32[] = {1.0}
                constant %three: f32[] = {3.0}
                constant %root2: f32[] = {1.4142135}
                constant %root2pi: f32[] = {0.7978846}
                constant %cubic: f32[] = {0.044715}
                constant %quick: f32[] = {1.702}
                """);
        char name = 'a';
        for (String step : List.of(steps.strip().split("\\) ?", -1))) {
            if (step.isEmpty()) {
                continue;
            }
            String function = step.substring(0, step.indexOf('('));
            String operands = step.substring(step.indexOf('(') + 1).replaceAll("(\\w+)", "%$1");
            String kind = operands.contains(",") ? "binary" : "unary";
            text.append("%" + name + ": f32[batch, sequence, 2] = " + kind + "{function=" + function + "}(" + operands
                    + ")\n");
            name++;
        }
        return text + "output y = %" + (char) (name - 1) + "\n";
    }

    private static final String LINEAR = X + """
            constant %w: f32[2, 2] = {1 2 3 4}
            constant %b: f32[2] = {5 6}
            %product: f32[batch, sequence, 2] = linear{activation=none; arithmetic=f32}(%x, %w, %b)
            %y: f32[batch, sequence, 2] = activate{activation=gelu}(%product)
            output y = %y
            """;

    @Test
    void activationJoinsItsLinearLayer() {
        RuleTester.of(new FuseActivationIntoLinear()).on(LINEAR).becomes(X + """
                constant %w: f32[2, 2] = {1 2 3 4}
                constant %b: f32[2] = {5 6}
                %y: f32[batch, sequence, 2] = linear{activation=gelu; arithmetic=f32}(%x, %w, %b)
                output y = %y
                """);
        RuleTester.of(new FuseActivationIntoLinear())
                .on(LINEAR + "output product = %product")
                .staysSilentBecause("y", "product is read elsewhere too");
        RuleTester.of(new FuseActivationIntoLinear())
                .on(LINEAR.replace("activation=none", "activation=tanh"))
                .staysSilentBecause("y", "is no linear layer without activation");
    }

    @Test
    void firstTokens() {
        String first = X + """
                %y: f32[batch, 2] = firstToken(%x)
                output y = %y
                """;
        RuleTester.of(new FuseFirstToken()).on(X + """
                constant %zero: i64[] = {0}
                %y: f32[batch, 2] = gather{axis=1}(%x, %zero)
                output y = %y
                """).becomes(first);
        RuleTester.of(new FuseFirstToken()).on(X + """
                %s: f32[batch, 1, 2] = slice{axis=1; start=0; end=1}(%x)
                %y: f32[batch, 2] = reshape{target=[batch, 2]}(%s)
                output y = %y
                """).becomes(first);
        RuleTester.of(new FuseFirstToken()).on(X + """
                constant %one: i64[] = {1}
                %y: f32[batch, 2] = gather{axis=1}(%x, %one)
                output y = %y
                """).staysSilent();
        RuleTester.of(new FuseFirstToken()).on(X + """
                %s: f32[batch, 1, 2] = slice{axis=1; start=0; end=1}(%x)
                %y: f32[2, batch] = reshape{target=[2, batch]}(%s)
                output y = %y
                """).staysSilentBecause("y", "in place of");
    }

    @Test
    void columns() {
        String column = X + """
                %y: f32[batch, sequence] = column{index=1}(%x)
                output y = %y
                """;
        RuleTester.of(new FuseColumn()).on(X + """
                %s: f32[batch, sequence, 1] = slice{axis=2; start=1; end=2}(%x)
                %y: f32[batch, sequence] = reshape{target=[batch, sequence]}(%s)
                output y = %y
                """).becomes(column);
        RuleTester.of(new FuseColumn()).on(X + """
                constant %one: i64[] = {1}
                %y: f32[batch, sequence] = gather{axis=2}(%x, %one)
                output y = %y
                """).becomes(column);
        RuleTester.of(new FuseColumn()).on(X + """
                %s: f32[batch, 1, 2] = slice{axis=1; start=0; end=1}(%x)
                %y: f32[batch, 2] = reshape{target=[batch, 2]}(%s)
                output y = %y
                """).staysSilent();
    }

    @Test
    void whatNoOutputNeedsGoes() {
        RuleTester.of(new DeadCode()).on(X + """
                constant %unread: f32[] = {1}
                %dead: f32[batch, sequence, 2] = unary{function=exp}(%x)
                %y: f32[batch, sequence, 2] = unary{function=tanh}(%x)
                output y = %y
                """).becomes(X + """
                %y: f32[batch, sequence, 2] = unary{function=tanh}(%x)
                output y = %y
                """);
        Graph graph = GraphText.parse(X + """
                %a: f32[batch, sequence, 2] = unary{function=exp}(%x)
                %b: f32[batch, sequence, 2] = unary{function=tanh}(%x)
                output a = %a
                output b = %b
                """);
        Graph kept = DeadCode.keepOutputs(graph, List.of("b"));
        assertThat(kept.outputs()).containsOnlyKeys("b");
        assertThat(kept.nodes()).extracting(node -> node.name()).containsExactly("b");
    }
}
