package dev.hone.transform;

import dev.hone.testkit.RuleTester;
import org.junit.jupiter.api.Test;

class PoolingRulesTest {
    private static final String MEAN = """
            graph mean
            input %x: f32[batch, sequence, 2]
            input %attention_mask: i64[batch, sequence]
            constant %least: f32[] = {1.0E-9}
            %column: i64[batch, sequence, 1] = reshape{target=[batch, sequence, 1]}(%attention_mask)
            %wide: i64[batch, sequence, 2] = expand{target=[batch, sequence, 2]}(%column)
            %mask: f32[batch, sequence, 2] = cast{to=f32}(%wide)
            %masked: f32[batch, sequence, 2] = binary{function=multiply}(%x, %mask)
            %sum: f32[batch, 2] = reduce{function=sum; axes=1; keepAxes=false}(%masked)
            %tokens: f32[batch, 2] = reduce{function=sum; axes=1; keepAxes=false}(%mask)
            %count: f32[batch, 2] = binary{function=maximum}(%tokens, %least)
            %pooled: f32[batch, 2] = binary{function=divide}(%sum, %count)
            output sentence_embedding = %pooled
            """;
    private static final String POOLED = """
            graph pooled
            input %x: f32[batch, sequence, 2]
            input %attention_mask: i64[batch, sequence]
            %pooled: f32[batch, 2] = pool{pooling=mean}(%x, %attention_mask)
            output sentence_embedding = %pooled
            """;
    private static final String MAXIMUM = """
            graph maximum
            input %x: f32[batch, sequence, 2]
            input %attention_mask: i64[batch, sequence]
            constant %zero: i64[] = {0}
            constant %lowest: f32[] = {-1.0E9}
            %column: i64[batch, sequence, 1] = reshape{target=[batch, sequence, 1]}(%attention_mask)
            %padding: bool[batch, sequence, 1] = binary{function=equal}(%column, %zero)
            %wide: bool[batch, sequence, 2] = expand{target=[batch, sequence, 2]}(%padding)
            %chosen: f32[batch, sequence, 2] = where(%wide, %lowest, %x)
            %pooled: f32[batch, 2] = reduce{function=maximum; axes=1; keepAxes=false}(%chosen)
            output sentence_embedding = %pooled
            """;

    private static final String NORMALIZED = """
            graph normalized
            input %x: f32[batch, 2]
            %y: f32[batch, 2] = normalize{epsilon=1.0E-12}(%x)
            output y = %y
            """;

    @Test
    void meanOverTokens() {
        RuleTester.of(new FusePooling()).on(MEAN).becomes(POOLED);
    }

    @Test
    void meanWithTheCountOfAnotherShape() {
        RuleTester.of(new FusePooling()).on("""
                graph mean
                input %x: f32[batch, sequence, 2]
                input %attention_mask: i64[batch, sequence]
                %mask: f32[batch, sequence] = cast{to=f32}(%attention_mask)
                %column: f32[batch, sequence, 1] = reshape{target=[batch, sequence, 1]}(%mask)
                %masked: f32[batch, sequence, 2] = binary{function=multiply}(%column, %x)
                %sum: f32[batch, 2] = reduce{function=sum; axes=1; keepAxes=false}(%masked)
                %tokens: i64[batch, 1] = reduce{function=sum; axes=1; keepAxes=true}(%attention_mask)
                %count: f32[batch, 1] = cast{to=f32}(%tokens)
                %pooled: f32[batch, 2] = binary{function=divide}(%sum, %count)
                output sentence_embedding = %pooled
                """).becomes(POOLED);
    }

    @Test
    void maximumOverTokens() {
        RuleTester.of(new FusePooling()).on(MAXIMUM).becomes(POOLED.replace("pooling=mean", "pooling=max"));
    }

    @Test
    void divisorThatIsNotTheCountIsRefused() {
        RuleTester.of(new FusePooling())
                .on(MEAN.replace("1.0E-9", "5.0"))
                .staysSilentBecause("pooled", "lower bound above 1");
        RuleTester.of(new FusePooling()).on("""
                graph mean
                input %x: f32[batch, sequence, 2]
                input %attention_mask: i64[batch, sequence]
                input %other: i64[batch, sequence]
                %column: i64[batch, sequence, 1] = reshape{target=[batch, sequence, 1]}(%attention_mask)
                %mask: f32[batch, sequence, 1] = cast{to=f32}(%column)
                %masked: f32[batch, sequence, 2] = binary{function=multiply}(%x, %mask)
                %sum: f32[batch, 2] = reduce{function=sum; axes=1; keepAxes=false}(%masked)
                %tokens: i64[batch, 1] = reduce{function=sum; axes=1; keepAxes=true}(%other)
                %count: f32[batch, 1] = cast{to=f32}(%tokens)
                %pooled: f32[batch, 2] = binary{function=divide}(%sum, %count)
                output sentence_embedding = %pooled
                """).staysSilentBecause("pooled", "the sum of attention_mask");
    }

    @Test
    void poolingOfPaddingTooIsRefused() {
        RuleTester.of(new FusePooling()).on("""
                graph mean
                input %x: f32[batch, sequence, 2]
                %pooled: f32[batch, 2] = reduce{function=mean; axes=1; keepAxes=false}(%x)
                output sentence_embedding = %pooled
                """).staysSilentBecause("pooled", "counts padding too");
        RuleTester.of(new FusePooling())
                .on(MAXIMUM.replace("-1.0E9", "-1.0"))
                .staysSilentBecause("pooled", "not chosen as");
    }

    @Test
    void maskAlongAnotherAxisIsNoMaskOfTokens() {
        RuleTester.of(new FusePooling()).on("""
                graph mean
                input %x: f32[2, 3, 3]
                input %attention_mask: i64[2, 3]
                %row: i64[2, 1, 3] = reshape{target=[2, 1, 3]}(%attention_mask)
                %wide: i64[2, 3, 3] = expand{target=[2, 3, 3]}(%row)
                %mask: f32[2, 3, 3] = cast{to=f32}(%wide)
                %masked: f32[2, 3, 3] = binary{function=multiply}(%x, %mask)
                %sum: f32[2, 3] = reduce{function=sum; axes=1; keepAxes=false}(%masked)
                %count: f32[2, 3] = reduce{function=sum; axes=1; keepAxes=false}(%mask)
                %pooled: f32[2, 3] = binary{function=divide}(%sum, %count)
                output sentence_embedding = %pooled
                """).staysSilentBecause("pooled", "neither factor");
    }

    @Test
    void rowsDividedByTheirLength() {
        RuleTester.of(new FuseNormalize()).on("""
                graph byReduction
                input %x: f32[batch, 2]
                constant %least: f32[] = {1.0E-12}
                %length: f32[batch, 1] = reduce{function=l2; axes=1; keepAxes=true}(%x)
                %bounded: f32[batch, 1] = binary{function=maximum}(%length, %least)
                %wide: f32[batch, 2] = expand{target=[batch, 2]}(%bounded)
                %y: f32[batch, 2] = binary{function=divide}(%x, %wide)
                output y = %y
                """).becomes(NORMALIZED);
    }

    @Test
    void rowsDividedByTheRootOfTheirSquares() {
        RuleTester.of(new FuseNormalize()).on("""
                graph bySquares
                input %x: f32[batch, 2]
                constant %least: f32[] = {1.0E-12}
                constant %two: f32[] = {2.0}
                %squares: f32[batch, 2] = binary{function=power}(%x, %two)
                %sum: f32[batch] = reduce{function=sum; axes=1; keepAxes=false}(%squares)
                %length: f32[batch] = unary{function=squareRoot}(%sum)
                %column: f32[batch, 1] = reshape{target=[batch, 1]}(%length)
                %bounded: f32[batch, 1] = binary{function=maximum}(%least, %column)
                %y: f32[batch, 2] = binary{function=divide}(%x, %bounded)
                output y = %y
                """).becomes(NORMALIZED);
    }

    @Test
    void lengthOfOtherRowsIsRefused() {
        RuleTester.of(new FuseNormalize()).on("""
                graph other
                input %x: f32[batch, 2]
                input %z: f32[batch, 2]
                %length: f32[batch, 1] = reduce{function=l2; axes=1; keepAxes=true}(%z)
                %y: f32[batch, 2] = binary{function=divide}(%x, %length)
                output y = %y
                """).staysSilentBecause("y", "x is divided by the length of z");
        RuleTester.of(new FuseNormalize()).on("""
                graph bound
                input %x: f32[batch, 2]
                input %least: f32[batch, 1]
                %length: f32[batch, 1] = reduce{function=l2; axes=1; keepAxes=true}(%x)
                %bounded: f32[batch, 1] = binary{function=maximum}(%length, %least)
                %y: f32[batch, 2] = binary{function=divide}(%x, %bounded)
                output y = %y
                """).staysSilentBecause("y", "the least length is no constant");
        RuleTester.of(new FuseNormalize()).on("""
                graph columns
                input %x: f32[3, 2]
                %length: f32[1, 2] = reduce{function=l2; axes=0; keepAxes=true}(%x)
                %y: f32[3, 2] = binary{function=divide}(%x, %length)
                output y = %y
                """).staysSilent();
    }
}
