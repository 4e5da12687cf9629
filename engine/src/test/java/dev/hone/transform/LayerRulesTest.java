package dev.hone.transform;

import dev.hone.testkit.RuleTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that make linear layers, normalisations and their fused forms. */
class LayerRulesTest {
    private static final String PRODUCT = """
            graph product
            input %x: f32[batch, 2]
            constant %w: f32[2, 3] = {1 2 3 4 5 6}
            constant %b: f32[3] = {7 8 9}
            %xw: f32[batch, 3] = matMul(%x, %w)
            """;
    private static final String CENTRED = """
            graph primitives
            input %x: f32[batch, 2]
            constant %gamma: f32[2] = {1 2}
            constant %beta: f32[2] = {3 4}
            constant %two: f32[] = {2}
            constant %epsilon: f32[] = {1.0E-12}
            %mean: f32[batch, 1] = reduce{function=mean; axes=1; keepAxes=true}(%x)
            %d: f32[batch, 2] = binary{function=subtract}(%x, %mean)
            """;
    private static final String VARIANCE = """
            %squares: f32[batch, 2] = binary{function=power}(%d, %two)
            %variance: f32[batch, 1] = reduce{function=mean; axes=1; keepAxes=true}(%squares)
            %safe: f32[batch, 1] = binary{function=add}(%variance, %epsilon)
            %root: f32[batch, 1] = unary{function=squareRoot}(%safe)
            """;
    private static final String QUOTIENT = """
            %quotient: f32[batch, 2] = binary{function=divide}(%d, %root)
            %scaled: f32[batch, 2] = binary{function=multiply}(%quotient, %gamma)
            %y: f32[batch, 2] = binary{function=add}(%scaled, %beta)
            output y = %y
            """;
    private static final String NORMALIZED = """
            graph normalized
            input %x: f32[batch, 2]
            constant %gamma: f32[2] = {1 2}
            constant %beta: f32[2] = {3 4}
            %y: f32[batch, 2] = layerNorm{epsilon=1.0E-12}(%x, %gamma, %beta)
            output y = %y
            """;

    @Test
    void productWithBias() {
        RuleTester.of(new FuseLinear()).on(PRODUCT + """
                %y: f32[batch, 3] = binary{function=add}(%b, %xw)
                output y = %y
                """).becomes("""
                graph linear
                input %x: f32[batch, 2]
                constant %w: f32[3, 2] = {1 4 2 5 3 6}
                constant %b: f32[3] = {7 8 9}
                %y: f32[batch, 3] = linear{activation=none; arithmetic=f32}(%x, %w, %b)
                output y = %y
                """);
    }

    @Test
    void productWithoutBias() {
        RuleTester.of(new FuseLinear()).on(PRODUCT + "output y = %xw").becomes("""
                graph linear
                input %x: f32[batch, 2]
                constant %w: f32[3, 2] = {1 4 2 5 3 6}
                constant %zero: f32[3] = {0 0 0}
                %y: f32[batch, 3] = linear{activation=none; arithmetic=f32}(%x, %w, %zero)
                output y = %y
                """);
    }

    @Test
    void biasOfAnotherShapeIsRefused() {
        RuleTester.of(new FuseLinear()).on("""
                graph bias
                input %x: f32[4, 2]
                constant %w: f32[3, 2] = {1 2 3 4 5 6}
                constant %zero: f32[3] = {0 0 0}
                constant %b: f32[4, 1] = {7 8 9 10}
                %xw: f32[4, 3] = linear{activation=none; arithmetic=f32}(%x, %w, %zero)
                %y: f32[4, 3] = binary{function=add}(%xw, %b)
                output y = %y
                """).staysSilentBecause("y", "one value for each of the columns");
    }

    @Test
    void productThatIsReadElsewhereKeepsItsValue() {
        RuleTester.of(new FuseLinear()).on("""
                graph bias
                input %x: f32[4, 2]
                constant %w: f32[3, 2] = {1 2 3 4 5 6}
                constant %zero: f32[3] = {0 0 0}
                constant %b: f32[3] = {7 8 9}
                %xw: f32[4, 3] = linear{activation=none; arithmetic=f32}(%x, %w, %zero)
                %y: f32[4, 3] = binary{function=add}(%xw, %b)
                output product = %xw
                output y = %y
                """).staysSilentBecause("y", "xw is read elsewhere too");
    }

    @Test
    void productOfTwoComputedMatricesIsNoLayer() {
        RuleTester.of(new FuseLinear()).on("""
                graph computed
                input %x: f32[batch, 2]
                input %w: f32[2, 3]
                %y: f32[batch, 3] = matMul(%x, %w)
                output y = %y
                """).staysSilent();
    }

    @Test
    void weightOfRankThreeIsRefused() {
        RuleTester.of(new FuseLinear()).on("""
                graph stacked
                input %x: f32[2, 1, 2]
                constant %w: f32[2, 2, 1] = {1 2 3 4}
                %y: f32[2, 1, 1] = matMul(%x, %w)
                output y = %y
                """).staysSilentBecause("y", "is no matrix");
    }

    @Test
    void normalisationInPrimitives() {
        RuleTester.of(new FuseLayerNorm()).on(CENTRED + VARIANCE + QUOTIENT).becomes(NORMALIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                %squares: f32[batch, 2] = binary{function=multiply}(%d, %d)
                %variance: f32[batch, 1] = reduce{function=mean; axes=1; keepAxes=true}(%squares)
                %safe: f32[batch, 1] = binary{function=add}(%epsilon, %variance)
                %root: f32[batch, 1] = unary{function=squareRoot}(%safe)
                """, """
                %again: f32[batch, 2] = binary{function=subtract}(%x, %mean)
                %squares: f32[batch, 2] = binary{function=power}(%again, %two)
                %variance: f32[batch, 1] = reduce{function=mean; axes=1; keepAxes=true}(%squares)
                %safe: f32[batch, 1] = binary{function=add}(%variance, %epsilon)
                %root: f32[batch, 1] = unary{function=squareRoot}(%safe)
                """})
    void variancesOfOlderExports(String variance) {
        RuleTester.of(new FuseLayerNorm()).on(CENTRED + variance + QUOTIENT).becomes(NORMALIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                %inverse: f32[batch, 1] = unary{function=reciprocal}(%root)
                %quotient: f32[batch, 2] = binary{function=multiply}(%d, %inverse)
                %scaled: f32[batch, 2] = binary{function=multiply}(%gamma, %quotient)
                %y: f32[batch, 2] = binary{function=add}(%beta, %scaled)
                output y = %y
                """, """
                %inverse: f32[batch, 1] = unary{function=reciprocal}(%root)
                %gain: f32[batch, 2] = binary{function=multiply}(%inverse, %gamma)
                %scaled: f32[batch, 2] = binary{function=multiply}(%d, %gain)
                %y: f32[batch, 2] = binary{function=add}(%scaled, %beta)
                output y = %y
                """})
    void quotientsOfOtherExporters(String quotient) {
        RuleTester.of(new FuseLayerNorm()).on(CENTRED + VARIANCE + quotient).becomes(NORMALIZED);
    }

    @Test
    void divisorThatIsNotTheDeviationIsRefused() {
        RuleTester.of(new FuseLayerNorm())
                .on(CENTRED + VARIANCE.replace("(%variance, %epsilon)", "(%variance, %mean)") + QUOTIENT)
                .staysSilentBecause("y", "is not the root of the variance of x plus a constant");
        RuleTester.of(new FuseLayerNorm())
                .on(CENTRED + VARIANCE.replace("{function=power}(%d", "{function=power}(%x") + QUOTIENT)
                .staysSilentBecause("y", "is not the root of the variance");
    }

    @Test
    void differenceFromAnotherMeanIsNoNormalisation() {
        RuleTester.of(new FuseLayerNorm()).on("""
                graph columns
                input %x: f32[2, 2]
                constant %gamma: f32[2] = {1 2}
                constant %beta: f32[2] = {3 4}
                %mean: f32[1, 2] = reduce{function=mean; axes=0; keepAxes=true}(%x)
                %d: f32[2, 2] = binary{function=subtract}(%x, %mean)
                %quotient: f32[2, 2] = binary{function=divide}(%d, %x)
                %scaled: f32[2, 2] = binary{function=multiply}(%quotient, %gamma)
                %y: f32[2, 2] = binary{function=add}(%scaled, %beta)
                output y = %y
                """).staysSilent();
    }

    private static final String RESIDUAL = """
            graph residual
            input %x: f32[batch, 2]
            input %z: f32[batch, 2]
            constant %w: f32[2, 2] = {1 2 3 4}
            constant %b: f32[2] = {5 6}
            %product: f32[batch, 2] = linear{activation=none; arithmetic=f32}(%z, %w, %b)
            %sum: f32[batch, 2] = binary{function=add}(%x, %product)
            %y: f32[batch, 2] = layerNorm{epsilon=1.0E-5}(%sum, %b, %b)
            output y = %y
            """;

    @Test
    void residualBeforeNormalisation() {
        RuleTester.of(new FuseResidualLayerNorm()).on(RESIDUAL).becomes("""
                graph residual
                input %x: f32[batch, 2]
                input %z: f32[batch, 2]
                constant %w: f32[2, 2] = {1 2 3 4}
                constant %b: f32[2] = {5 6}
                %product: f32[batch, 2] = linear{activation=none; arithmetic=f32}(%z, %w, %b)
                %y: f32[batch, 2] = residualLayerNorm{epsilon=1.0E-5}(%product, %x, %b, %b)
                output y = %y
                """);
    }

    @Test
    void sumsThatOthersReadAndBroadcastSumsStay() {
        RuleTester.of(new FuseResidualLayerNorm())
                .on(RESIDUAL + "output sum = %sum")
                .staysSilentBecause("y", "sum is read elsewhere too");
        RuleTester.of(new FuseResidualLayerNorm())
                .on(RESIDUAL.replace("input %x: f32[batch, 2]", "input %x: f32[1, 2]"))
                .staysSilent();
    }

    @Test
    void transposedAndJoinedConstantsAreViews() {
        RuleTester.of(new FoldConstants()).on("""
                graph constants
                constant %a: f32[1, 2] = {1 2}
                constant %c: f32[1, 2] = {3 4}
                constant %one: f32[] = {1}
                %joined: f32[2, 2] = concat{axis=0}(%a, %c)
                %turned: f32[2, 2] = transpose{permutation=1 0}(%joined)
                %row: f32[2] = expand{target=[2]}(%one)
                %y: f32[2, 2] = binary{function=add}(%turned, %row)
                output y = %y
                """).becomes("""
                graph constants
                constant %turned: f32[2, 2] = {1 3 2 4}
                constant %row: f32[2] = {1 1}
                %y: f32[2, 2] = binary{function=add}(%turned, %row)
                output y = %y
                """);
        RuleTester.of(new FoldConstants()).on("""
                graph computed
                input %a: f32[batch, 2]
                %y: f32[2, batch] = transpose{permutation=1 0}(%a)
                output y = %y
                """).staysSilent();
    }
}
