package dev.hone.transform;

import dev.hone.testkit.RuleTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link FuseAttention} on the ways in which exports scale scores, mask them and guard them. */
class AttentionRulesTest {
    private static final String ROWS = """
            graph attention
            input %q: f32[batch, sequence, 4]
            input %k: f32[batch, sequence, 4]
            input %v: f32[batch, sequence, 4]
            input %attention_mask: i64[batch, sequence]
            """;
    private static final String CONSTANTS = """
            constant %root: f32[] = {1.4142135}
            constant %fourthRoot: f32[] = {0.8408964}
            constant %one: f32[] = {1.0}
            constant %zero: f32[] = {0.0}
            constant %none: i64[] = {0}
            constant %lowest: f32[] = {-3.4028235E38}
            constant %infinite: f32[] = {-Infinity}
            constant %thousands: f32[] = {-10000.0}
            """;
    private static final String HEADS = """
            %q4: f32[batch, sequence, 2, 2] = reshape{target=[batch, sequence, 2, 2]}(%q)
            %k4: f32[batch, sequence, 2, 2] = reshape{target=[batch, sequence, 2, 2]}(%k)
            %v4: f32[batch, sequence, 2, 2] = reshape{target=[batch, sequence, 2, 2]}(%v)
            %qh: f32[batch, 2, sequence, 2] = transpose{permutation=0 2 1 3}(%q4)
            %kh: f32[batch, 2, 2, sequence] = transpose{permutation=0 2 3 1}(%k4)
            %vh: f32[batch, 2, sequence, 2] = transpose{permutation=0 2 1 3}(%v4)
            """;
    private static final String SCORES = """
            %products: f32[batch, 2, sequence, sequence] = matMul(%qh, %kh)
            %scores: f32[batch, 2, sequence, sequence] = binary{function=divide}(%products, %root)
            """;
    private static final String MASK = """
            %row: i64[batch, 1, 1, sequence] = reshape{target=[batch, 1, 1, sequence]}(%attention_mask)
            %tokens: f32[batch, 1, 1, sequence] = cast{to=f32}(%row)
            %padding: f32[batch, 1, 1, sequence] = binary{function=subtract}(%one, %tokens)
            """;
    private static final String ADDED = MASK + """
            %bias: f32[batch, 1, 1, sequence] = binary{function=multiply}(%padding, %lowest)
            %masked: f32[batch, 2, sequence, sequence] = binary{function=add}(%scores, %bias)
            """;
    private static final String SOFTMAX = """
            %weights: f32[batch, 2, sequence, sequence] = softmax{axis=3}(%masked)
            """;
    private static final String SUMS = """
            %sums: f32[batch, 2, sequence, 2] = matMul(%weights, %vh)
            %turned: f32[batch, sequence, 2, 2] = transpose{permutation=0 2 1 3}(%sums)
            %context: f32[batch, sequence, 4] = reshape{target=[batch, sequence, 4]}(%turned)
            output context = %context
            """;
    private static final String FUSED = ROWS + """
            %merged: f32[batch, sequence, 12] = concat{axis=2}(%q, %k, %v)
            %context: f32[batch, sequence, 4] = attention{\
            heads=2; headSize=2; scale=0.7071067811865475; arithmetic=f32}(\
            %merged, %attention_mask)
            output context = %context
            """;

    private static RuleTester.Outcome fuse(String... middle) {
        return RuleTester.of(
                        Pipeline.named("attention").then(new SimplifyShapes()).then(new FuseAttention()))
                .on(ROWS + CONSTANTS + HEADS + String.join("", middle) + SUMS);
    }

    @Test
    void scoresDividedAndMaskAdded() {
        fuse(SCORES, ADDED, SOFTMAX).becomes(FUSED);
        fuse(SCORES, ADDED.replace("%lowest", "%thousands"), SOFTMAX).becomes(FUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                %scaled: f32[batch, 2, sequence, 2] = binary{function=divide}(%qh, %root)
                %scores: f32[batch, 2, sequence, sequence] = matMul(%scaled, %kh)
                """, """
                %scaled: f32[batch, 2, 2, sequence] = binary{function=divide}(%kh, %root)
                %scores: f32[batch, 2, sequence, sequence] = matMul(%qh, %scaled)
                """, """
                %qs: f32[batch, 2, sequence, 2] = binary{function=multiply}(%qh, %fourthRoot)
                %ks: f32[batch, 2, 2, sequence] = binary{function=multiply}(%fourthRoot, %kh)
                %scores: f32[batch, 2, sequence, sequence] = matMul(%qs, %ks)
                """, """
                %rows: f32[batch, 2, sequence, 2] = transpose{permutation=0 2 1 3}(%k4)
                %scaled: f32[batch, 2, sequence, 2] = binary{function=multiply}(%rows, %fourthRoot)
                %columns: f32[batch, 2, 2, sequence] = transpose{permutation=0 1 3 2}(%scaled)
                %qs: f32[batch, 2, sequence, 2] = binary{function=multiply}(%qh, %fourthRoot)
                %scores: f32[batch, 2, sequence, sequence] = matMul(%qs, %columns)
                """})
    void queriesOrKeysScaled(String scores) {
        fuse(scores, ADDED, SOFTMAX).becomes(FUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                %padding: bool[batch, sequence] = binary{function=equal}(%attention_mask, %none)
                %row: bool[batch, 1, 1, sequence] = reshape{target=[batch, 1, 1, sequence]}(%padding)
                %wide: bool[batch, 2, sequence, sequence] = expand{target=[batch, 2, sequence, sequence]}(%row)
                %masked: f32[batch, 2, sequence, sequence] = where(%wide, %lowest, %scores)
                """, """
                %tokens: bool[batch, sequence] = cast{to=bool}(%attention_mask)
                %row: bool[batch, 1, 1, sequence] = reshape{target=[batch, 1, 1, sequence]}(%tokens)
                %wide: bool[batch, 1, sequence, sequence] = expand{target=[batch, 1, sequence, sequence]}(%row)
                %masked: f32[batch, 2, sequence, sequence] = where(%wide, %scores, %infinite)
                """, """
                %tokens: bool[batch, sequence] = cast{to=bool}(%attention_mask)
                %row: bool[batch, 1, 1, sequence] = reshape{target=[batch, 1, 1, sequence]}(%tokens)
                %wide: bool[batch, 1, sequence, sequence] = expand{target=[batch, 1, sequence, sequence]}(%row)
                %bias: f32[batch, 1, sequence, sequence] = where(%wide, %zero, %infinite)
                %masked: f32[batch, 2, sequence, sequence] = binary{function=add}(%scores, %bias)
                """})
    void maskChosenOrOfBooleans(String mask) {
        fuse(SCORES, mask, SOFTMAX).becomes(FUSED);
    }

    @Test
    void maskRepeatedForEachQueryAndFilled() {
        fuse(SCORES, """
                %row: i64[batch, 1, 1, sequence] = reshape{target=[batch, 1, 1, sequence]}(%attention_mask)
                %wide: i64[batch, 1, sequence, sequence] = expand{target=[batch, 1, sequence, sequence]}(%row)
                %tokens: f32[batch, 1, sequence, sequence] = cast{to=f32}(%wide)
                %ones: f32[batch, 1, sequence, sequence] = expand{target=[batch, 1, sequence, sequence]}(%one)
                %padding: f32[batch, 1, sequence, sequence] = binary{function=subtract}(%ones, %tokens)
                %isPadding: bool[batch, 1, sequence, sequence] = cast{to=bool}(%padding)
                %filled: f32[batch, 1, sequence, sequence] = where(%isPadding, %lowest, %padding)
                %bias: f32[batch, 1, sequence, sequence] = slice{axis=3; start=0; end=sequence}(%filled)
                %masked: f32[batch, 2, sequence, sequence] = binary{function=add}(%bias, %scores)
                """, SOFTMAX).becomes(FUSED);
    }

    @Test
    void guardAgainstRowsWithoutKeysIsSeenThrough() {
        fuse(SCORES, ADDED, """
                %soft: f32[batch, 2, sequence, sequence] = softmax{axis=3}(%masked)
                %bad: bool[batch, 2, sequence, sequence] = unary{function=isNan}(%soft)
                %weights: f32[batch, 2, sequence, sequence] = where(%bad, %zero, %soft)
                """).becomes(FUSED);
    }

    @Test
    void otherMasksAreRefused() {
        fuse(SCORES, SOFTMAX.replace("%masked", "%scores"))
                .staysSilentBecause("context", "are not masked by an input with one value a token");
        fuse(SCORES, ADDED.replace("%lowest", "%root"), SOFTMAX).staysSilentBecause("context", "are not masked");
        fuse(SCORES, ADDED.replace("%one,", "%zero,"), SOFTMAX).staysSilentBecause("context", "are not masked");
    }

    @Test
    void maskOfQueriesIsRefused() {
        fuse(SCORES, """
                %column: i64[batch, 1, sequence, 1] = reshape{target=[batch, 1, sequence, 1]}(%attention_mask)
                %tokens: f32[batch, 1, sequence, 1] = cast{to=f32}(%column)
                %padding: f32[batch, 1, sequence, 1] = binary{function=subtract}(%one, %tokens)
                %bias: f32[batch, 1, sequence, 1] = binary{function=multiply}(%padding, %lowest)
                %masked: f32[batch, 2, sequence, sequence] = binary{function=add}(%scores, %bias)
                """, SOFTMAX).staysSilentBecause("context", "are not masked");
        fuse(SCORES, """
                %column: i64[batch, 1, sequence, 1] = reshape{target=[batch, 1, sequence, 1]}(%attention_mask)
                %wide: i64[batch, 1, sequence, sequence] = expand{target=[batch, 1, sequence, sequence]}(%column)
                %tokens: bool[batch, 1, sequence, sequence] = cast{to=bool}(%wide)
                %masked: f32[batch, 2, sequence, sequence] = where(%tokens, %scores, %lowest)
                """, SOFTMAX).staysSilentBecause("context", "are not masked");
    }

    @Test
    void scoresThatAreNoProductOfHeadsAreRefused() {
        fuse("""
                %scores: f32[batch, 2, sequence, sequence] = matMul(%vh, %kh)
                """, ADDED, SOFTMAX)
                .becomes(FUSED.replace("(%q, %k, %v)", "(%v, %k, %v)").replace("0.7071067811865475", "1.0"));
        RuleTester.of(new FuseAttention())
                .on("""
                graph scores
                input %scores: f32[batch, 2, sequence, sequence]
                input %v: f32[batch, sequence, 4]
                input %attention_mask: i64[batch, sequence]
                constant %one: f32[] = {1.0}
                constant %lowest: f32[] = {-3.4028235E38}
                %v4: f32[batch, sequence, 2, 2] = reshape{target=[batch, sequence, 2, 2]}(%v)
                %vh: f32[batch, 2, sequence, 2] = transpose{permutation=0 2 1 3}(%v4)
                """ + ADDED + SOFTMAX + SUMS)
                .staysSilentBecause("context", "scores are no product of queries and keys");
    }

    @Test
    void rowsOfSeveralLinearLayersBecomeOne() {
        RuleTester.of(new MergeLinears()).on("""
                graph merge
                input %x: f32[batch, 2]
                constant %w1: f32[1, 2] = {1 2}
                constant %b1: f32[1] = {3}
                constant %w2: f32[2, 2] = {4 5 6 7}
                constant %b2: f32[2] = {8 9}
                %one: f32[batch, 1] = linear{activation=none; arithmetic=f32}(%x, %w1, %b1)
                %two: f32[batch, 2] = linear{activation=none; arithmetic=f32}(%x, %w2, %b2)
                %y: f32[batch, 3] = concat{axis=1}(%one, %two)
                output y = %y
                """).becomes("""
                graph merged
                input %x: f32[batch, 2]
                constant %w: f32[3, 2] = {1 2 4 5 6 7}
                constant %b: f32[3] = {3 8 9}
                %y: f32[batch, 3] = linear{activation=none; arithmetic=f32}(%x, %w, %b)
                output y = %y
                """);
    }

    @Test
    void layersOfOtherRowsOrWithoutConstantsAreNotMerged() {
        String layers = """
                graph merge
                input %x: f32[batch, 2]
                input %z: f32[batch, 2]
                input %read: f32[1, 2]
                constant %w: f32[1, 2] = {1 2}
                constant %b: f32[1] = {3}
                %one: f32[batch, 1] = linear{activation=none; arithmetic=f32}(%x, %w, %b)
                %two: f32[batch, 1] = linear{activation=none; arithmetic=f32}(%z, %w, %b)
                %y: f32[batch, 2] = concat{axis=1}(%one, %two)
                output y = %y
                """;
        RuleTester.of(new MergeLinears()).on(layers).staysSilentBecause("y", "linear layers of the same rows");
        RuleTester.of(new MergeLinears())
                .on(layers.replace("(%z, %w", "(%x, %w").replace("activation=none", "activation=relu"))
                .staysSilentBecause("y", "without activation");
        RuleTester.of(new MergeLinears())
                .on(layers.replace("(%z, %w", "(%x, %read"))
                .staysSilentBecause("y", "not all constants");
    }
}
