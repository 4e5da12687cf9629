package dev.hone.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.graph.Op;
import dev.hone.testkit.RuleTester;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each published transform: it fires, it stays silent and says why. */
class NamedTransformsTest {
    private static final String X = """
            graph x
            input %x: f32[batch, 2]
            """;

    static NamedTransform named(String name) {
        return Transforms.named(name, Transforms.all()).orElseThrow();
    }

    @Test
    void namesAreUniqueAndDescribedInOneSentence() {
        List<NamedTransform> all = Transforms.all();
        assertThat(all)
                .extracting(NamedTransform::name)
                .doesNotHaveDuplicates()
                .contains(
                        "MergeLinears",
                        "FuseBiasInLinear",
                        "ChangeTrueDivToMulByInverse",
                        "RemoveDropout",
                        "LintAndRecompile",
                        "DeepCopy",
                        "FoldConstant",
                        "BindParams",
                        "EliminateCommonSubexpr",
                        "SimplifyExpr",
                        "CombineParallelDense",
                        "CombineParallelBatchMatmul",
                        "FastMath",
                        "DeadCodeElimination",
                        "FuseAttention",
                        "TakeApart");
        assertThat(all)
                .allSatisfy(transform -> assertThat(transform.description()).endsWith("."));
        assertThat(named("fastmath").keepsNumbers()).isFalse();
        assertThat(Transforms.named("nothing", all)).isEmpty();
    }

    @Test
    void divisionsBecomeProducts() {
        String division = X + """
                constant %c: f32[] = {3}
                %y: f32[batch, 2] = binary{function=divide}(%x, %c)
                output y = %y
                """;
        RuleTester.of(named("ChangeTrueDivToMulByInverse")).on(division).becomes(X + """
                constant %c: f32[] = {0.33333334}
                %y: f32[batch, 2] = binary{function=multiply}(%x, %c)
                output y = %y
                """);
        Graph product = TransformTesting.apply(named("ChangeTrueDivToMulByInverse"), GraphText.parse(division))
                .graph();
        NamedTransform reverse = named("ChangeTrueDivToMulByInverse").reversed();
        RuleTester.of(reverse).on(product.toString()).becomes(division);
    }

    @Test
    void divisionsWithoutAnInverseStay() {
        NamedTransform reverse = named("ChangeTrueDivToMulByInverse").reversed();
        RuleTester.of(named("ChangeTrueDivToMulByInverse"))
                .on(X + """
                %y: f32[batch, 2] = binary{function=divide}(%x, %x)
                output y = %y
                """)
                .staysSilentBecause("y", "not one constant number");
        RuleTester.of(named("ChangeTrueDivToMulByInverse")).on(X + """
                constant %c: f32[] = {0}
                %y: f32[batch, 2] = binary{function=divide}(%x, %c)
                output y = %y
                """).staysSilentBecause("y", "not an ordinary f32");
        RuleTester.of(reverse).on(X + """
                constant %c: f32[] = {0.3}
                %y: f32[batch, 2] = binary{function=multiply}(%x, %c)
                output y = %y
                """).staysSilentBecause("y", "not recorded");
    }

    @Test
    void constantsAreComputed() {
        RuleTester.of(named("FoldConstant")).on(X + """
                constant %a: f32[2] = {1 4}
                %root: f32[2] = unary{function=squareRoot}(%a)
                %sum: f32[2] = binary{function=add}(%root, %a)
                %y: f32[batch, 2] = binary{function=add}(%x, %sum)
                output y = %y
                """).becomes(X + """
                constant %sum: f32[2] = {2 6}
                %y: f32[batch, 2] = binary{function=add}(%x, %sum)
                output y = %y
                """);
        RuleTester.of(named("FoldConstant")).on(X + """
                constant %one: f32[] = {1}
                %ones: f32[batch, 2] = expand{target=[batch, 2]}(%one)
                %y: f32[batch, 2] = binary{function=add}(%x, %ones)
                output y = %y
                """).staysSilentBecause("ones", "known only when the model runs");
    }

    @Test
    void expressionsAreSimplified() {
        RuleTester.of(named("SimplifyExpr")).on(X + """
                constant %zero: f32[] = {0}
                constant %one: f32[] = {1}
                %a: f32[batch, 2] = binary{function=add}(%zero, %x)
                %b: f32[batch, 2] = binary{function=multiply}(%a, %one)
                %c: f32[batch, 2] = binary{function=divide}(%b, %one)
                %d: f32[batch, 2] = binary{function=subtract}(%c, %zero)
                %e: f32[batch, 2] = unary{function=negate}(%d)
                %f: f32[batch, 2] = unary{function=negate}(%e)
                %g: f32[2, batch] = transpose{permutation=1 0}(%f)
                %h: f32[batch, 2] = transpose{permutation=1 0}(%g)
                %left: f32[batch, 1] = slice{axis=1; start=0; end=1}(%h)
                %right: f32[batch, 1] = slice{axis=1; start=1; end=2}(%h)
                %i: f32[batch, 2] = concat{axis=1}(%left, %right)
                %y: f32[batch, 2] = unary{function=exp}(%i)
                output y = %y
                """).becomes(X + """
                %y: f32[batch, 2] = unary{function=exp}(%x)
                output y = %y
                """);
        RuleTester.of(named("SimplifyExpr")).on("""
                graph small
                input %x: f32[2]
                constant %zeros: f32[1, 1] = {0}
                %y: f32[1, 2] = binary{function=add}(%x, %zeros)
                output y = %y
                """).staysSilentBecause("y", "does not have the shape of its result");
    }

    @Test
    void inputsAreBound() {
        String graph = """
                graph typed
                input %x: i64[batch, 2]
                input %kind: i64[batch, 2]
                %y: i64[batch, 2] = binary{function=add}(%x, %kind)
                output y = %y
                """;
        Graph bound = TransformTesting.apply(new BindParams(Map.of("kind", 0.0)), GraphText.parse(graph))
                .graph();
        assertThat(bound.inputs()).extracting(input -> input.name()).containsExactly("x");
        assertThat(bound.nodes().getFirst().op()).isInstanceOf(Op.Expand.class);
        RuleTester.of(named("BindParams")).on(graph).staysSilentBecause("kind", "no number was given");
        assertThatThrownBy(() -> TransformTesting.apply(new BindParams(Map.of("no", 1.0)), GraphText.parse(graph)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("no input no to bind; the inputs are [x, kind]");
    }

    @Test
    void lintNamesWhatNothingReads() {
        RuleTester.of(named("LintAndRecompile")).on("""
                graph unread
                input %x: f32[2]
                input %other: f32[2]
                %y: f32[2] = unary{function=exp}(%x)
                output y = %y
                """).staysSilentBecause("other", "nothing reads this input");
    }

    @Test
    void copiesShareNothing() {
        Graph graph = GraphText.parse(LinearTransformsTest.THREE_LAYERS);
        Graph copy = TransformTesting.apply(named("DeepCopy"), graph).graph();
        assertThat(copy).hasToString(graph.toString());
        assertThat(new HashSet<>(copy.constants().values()))
                .doesNotContainAnyElementsOf(graph.constants().values());
    }

    @Test
    void compositionsAreUndoneFromTheEnd() {
        ComposeTransformation both =
                new ComposeTransformation(List.of(named("MergeLinears"), named("FuseBiasInLinear")));
        assertThat(both.name()).isEqualTo("MergeLinears, FuseBiasInLinear");
        assertThat(both.keepsNumbers()).isTrue();
        Graph graph = GraphText.parse(LinearTransformsTest.THREE_LAYERS);
        Graph changed = both.pipeline().run(graph).graph();
        RuleTester.of(both.reversed().pipeline())
                .on(changed.toString())
                .becomes(LinearTransformsTest.THREE_LAYERS.replace("(%b2, %p2)", "(%p2, %b2)"));
        ComposeTransformation oneWay =
                new ComposeTransformation(List.of(named("MergeLinears"), named("RemoveDropout")));
        assertThatThrownBy(oneWay::reversed)
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("RemoveDropout has no reverse")
                .hasMessageContaining("FuseBiasInLinear");
    }
}
