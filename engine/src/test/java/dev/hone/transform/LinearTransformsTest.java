package dev.hone.transform;

import static dev.hone.transform.NamedTransformsTest.named;

import dev.hone.testkit.RuleTester;
import org.junit.jupiter.api.Test;

/** The published transforms of linear layers and products. */
class LinearTransformsTest {
    static final String THREE_LAYERS = """
            graph layers
            input %x: f32[batch, sequence, 2]
            constant %w1: f32[2, 1] = {1 2}
            constant %w2: f32[2, 1] = {3 4}
            constant %w3: f32[2, 1] = {5 6}
            constant %b1: f32[1] = {7}
            constant %b2: f32[1] = {8}
            constant %b3: f32[1] = {9}
            %p1: f32[batch, sequence, 1] = matMul(%x, %w1)
            %y1: f32[batch, sequence, 1] = binary{function=add}(%p1, %b1)
            %p2: f32[batch, sequence, 1] = matMul(%x, %w2)
            %y2: f32[batch, sequence, 1] = binary{function=add}(%b2, %p2)
            %p3: f32[batch, sequence, 1] = matMul(%x, %w3)
            %y3: f32[batch, sequence, 1] = binary{function=add}(%p3, %b3)
            output y1 = %y1
            output y2 = %y2
            output y3 = %y3
            """;
    private static final String X = """
            graph x
            input %x: f32[batch, 2]
            """;

    @Test
    void mergeLinears() {
        RuleTester.of(named("MergeLinears")).on(THREE_LAYERS).becomes("""
                graph merged
                input %x: f32[batch, sequence, 2]
                constant %w: f32[2, 3] = {1 3 5 2 4 6}
                constant %b: f32[3] = {7 8 9}
                %p: f32[batch, sequence, 3] = matMul(%x, %w)
                %y: f32[batch, sequence, 3] = binary{function=add}(%p, %b)
                %y1: f32[batch, sequence, 1] = slice{axis=2; start=0; end=1}(%y)
                %y2: f32[batch, sequence, 1] = slice{axis=2; start=1; end=2}(%y)
                %y3: f32[batch, sequence, 1] = slice{axis=2; start=2; end=3}(%y)
                output y1 = %y1
                output y2 = %y2
                output y3 = %y3
                """);
        RuleTester.of(named("MergeLinears")).on(X + """
                constant %w1: f32[2, 1] = {1 2}
                constant %w2: f32[2, 1] = {3 4}
                constant %b1: f32[1] = {7}
                %p1: f32[batch, 1] = matMul(%x, %w1)
                %y1: f32[batch, 1] = binary{function=add}(%p1, %b1)
                %p2: f32[batch, 1] = matMul(%x, %w2)
                output y1 = %y1
                output y2 = %p2
                """).staysSilentBecause("y1", "only one of them has a bias");
    }

    @Test
    void mergedLinearsAreOnlySplitWhereAllColumnsAreReadOnce() {
        String merged = X + """
                constant %w: f32[2, 3] = {1 3 5 2 4 6}
                %y: f32[batch, 3] = matMul(%x, %w)
                %a: f32[batch, 1] = slice{axis=1; start=0; end=1}(%y)
                """;
        RuleTester.of(new SplitMergedLinears()).on(merged + """
                %b: f32[batch, 2] = slice{axis=1; start=1; end=3}(%y)
                output a = %a
                output b = %b
                """).becomes(X + """
                constant %w1: f32[2, 1] = {1 2}
                constant %w2: f32[2, 2] = {3 5 4 6}
                %a: f32[batch, 1] = matMul(%x, %w1)
                %b: f32[batch, 2] = matMul(%x, %w2)
                output a = %a
                output b = %b
                """);
        RuleTester.of(new SplitMergedLinears()).on(merged + """
                output a = %a
                """).staysSilentBecause("y", "not read in parts");
    }

    @Test
    void fuseBiasInLinearKeepsEveryShape() {
        RuleTester.of(named("FuseBiasInLinear")).on(THREE_LAYERS).becomes("""
                graph joined
                input %x: f32[batch, sequence, 2]
                constant %one: f32[] = {1}
                constant %w1: f32[3, 1] = {1 2 7}
                constant %w2: f32[3, 1] = {3 4 8}
                constant %w3: f32[3, 1] = {5 6 9}
                %ones: f32[batch, sequence, 1] = expand{target=[batch, sequence, 1]}(%one)
                %wide: f32[batch, sequence, 3] = concat{axis=2}(%x, %ones)
                %y1: f32[batch, sequence, 1] = matMul(%wide, %w1)
                %y2: f32[batch, sequence, 1] = matMul(%wide, %w2)
                %y3: f32[batch, sequence, 1] = matMul(%wide, %w3)
                output y1 = %y1
                output y2 = %y2
                output y3 = %y3
                """);
        RuleTester.of(named("FuseBiasInLinear"))
                .on(X + """
                constant %w: f32[2, 2] = {1 2 3 4}
                constant %b: f32[1, 2] = {7 8}
                %p: f32[batch, 2] = matMul(%x, %w)
                %y: f32[batch, 2] = binary{function=add}(%p, %b)
                output y = %y
                """)
                .staysSilentBecause("p", "no vector with a number for each column");
    }

    @Test
    void parallelLayersAreStacked() {
        RuleTester.of(named("CombineParallelDense")).on(THREE_LAYERS).becomes("""
                graph stacked
                input %x: f32[batch, sequence, 2]
                constant %w: f32[3, 1, 2, 1] = {1 2 3 4 5 6}
                constant %b: f32[3, 1, 1, 1] = {7 8 9}
                constant %0: i64[] = {0}
                constant %1: i64[] = {1}
                constant %2: i64[] = {2}
                %p: f32[3, batch, sequence, 1] = matMul(%x, %w)
                %y: f32[3, batch, sequence, 1] = binary{function=add}(%p, %b)
                %y1: f32[batch, sequence, 1] = gather{axis=0}(%y, %0)
                %y2: f32[batch, sequence, 1] = gather{axis=0}(%y, %1)
                %y3: f32[batch, sequence, 1] = gather{axis=0}(%y, %2)
                output y1 = %y1
                output y2 = %y2
                output y3 = %y3
                """);
        String two = THREE_LAYERS.replaceAll("(?m)^(output y3|%[py]3).*\\n", "");
        RuleTester.of(named("CombineParallelDense")).on(two).staysSilentBecause("y1", "only 2 layers");
    }

    @Test
    void parallelProductsAreMerged() {
        String products = """
                graph products
                input %x: f32[batch, 2, 2]
                input %a: f32[batch, 2, 1]
                input %b: f32[batch, 2, 2]
                %p1: f32[batch, 2, 1] = matMul(%x, %a)
                %p2: f32[batch, 2, 2] = matMul(%x, %b)
                %p3: f32[batch, 2, 1] = matMul(%x, %a)
                output p1 = %p1
                output p2 = %p2
                output p3 = %p3
                """;
        RuleTester.of(named("CombineParallelBatchMatmul")).on(products).becomes("""
                graph merged
                input %x: f32[batch, 2, 2]
                input %a: f32[batch, 2, 1]
                input %b: f32[batch, 2, 2]
                %all: f32[batch, 2, 4] = concat{axis=2}(%a, %b, %a)
                %p: f32[batch, 2, 4] = matMul(%x, %all)
                %p1: f32[batch, 2, 1] = slice{axis=2; start=0; end=1}(%p)
                %p2: f32[batch, 2, 2] = slice{axis=2; start=1; end=3}(%p)
                %p3: f32[batch, 2, 1] = slice{axis=2; start=3; end=4}(%p)
                output p1 = %p1
                output p2 = %p2
                output p3 = %p3
                """);
        staysSilentWithTwo(products);
    }

    private static void staysSilentWithTwo(String products) {
        RuleTester.of(named("CombineParallelBatchMatmul"))
                .on(products.replaceAll("(?m)^(output p3|%p3).*\\n", ""))
                .staysSilentBecause("p1", "only 2 such products");
    }
}
