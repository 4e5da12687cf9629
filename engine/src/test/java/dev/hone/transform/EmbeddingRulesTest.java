package dev.hone.transform;

import dev.hone.testkit.RuleTester;
import org.junit.jupiter.api.Test;

/** {@link FuseEmbedding} and {@link FoldTokenTypes}. */
class EmbeddingRulesTest {
    private static final String TABLES = """
            graph embedding
            input %input_ids: i64[batch, sequence]
            input %token_type_ids: i64[batch, sequence]
            constant %words: f32[4, 2] = {1 2 3 4 5 6 7 8}
            constant %positions: f32[4, 2] = {1 1 2 2 3 3 4 4}
            constant %types: f32[2, 2] = {5 5 6 6}
            constant %gamma: f32[2] = {1 2}
            constant %beta: f32[2] = {3 4}
            """;
    private static final String ROWS = """
            constant %places: i64[1, 3] = {0 1 2}
            %w: f32[batch, sequence, 2] = gather{axis=0}(%words, %input_ids)
            %t: f32[batch, sequence, 2] = gather{axis=0}(%types, %token_type_ids)
            %places.used: i64[1, sequence] = slice{axis=1; start=0; end=sequence}(%places)
            %p: f32[1, sequence, 2] = gather{axis=0}(%positions, %places.used)
            """;
    private static final String NORM = """
            %y: f32[batch, sequence, 2] = layerNorm{epsilon=1.0E-12}(%sum, %gamma, %beta)
            output y = %y
            """;
    private static final String WORDS_TYPES_POSITIONS = """
            %wt: f32[batch, sequence, 2] = binary{function=add}(%w, %t)
            %sum: f32[batch, sequence, 2] = binary{function=add}(%wt, %p)
            """;
    private static final String FUSED = TABLES + """
            %y: f32[batch, sequence, 2] = embedding{positions=0 -1; epsilon=1.0E-12}(\
            %input_ids, %token_type_ids, %words, %positions, %types, %gamma, %beta)
            output y = %y
            """;

    private static RuleTester.Outcome fuse(String... parts) {
        return RuleTester.of(new FuseEmbedding()).on(TABLES + String.join("", parts));
    }

    @Test
    void sumsInAnyOrder() {
        fuse(ROWS, WORDS_TYPES_POSITIONS, NORM).becomes(FUSED);
        fuse(ROWS, """
                %pt: f32[batch, sequence, 2] = binary{function=add}(%p, %t)
                %sum: f32[batch, sequence, 2] = binary{function=add}(%pt, %w)
                """, NORM).becomes(FUSED);
    }

    @Test
    void inputsWithoutTellingNamesAreToldByTheirTables() {
        String rows = ROWS.replace("token_type_ids", "input.2");
        String tables = TABLES.replace("token_type_ids", "input.2");
        RuleTester.of(new FuseEmbedding())
                .on(tables + rows + """
                        %tw: f32[batch, sequence, 2] = binary{function=add}(%t, %w)
                        %sum: f32[batch, sequence, 2] = binary{function=add}(%tw, %p)
                        """ + NORM)
                .becomes(FUSED.replace("token_type_ids", "input.2"));
    }

    @Test
    void wordsAndPositionsWithoutTypes() {
        fuse(ROWS, """
                %sum: f32[batch, sequence, 2] = binary{function=add}(%w, %p)
                """, NORM).becomes(TABLES + """
                %y: f32[batch, sequence, 2] = embedding{positions=0 -1; epsilon=1.0E-12}(\
                %input_ids, %words, %positions, %gamma, %beta)
                output y = %y
                """);
    }

    @Test
    void positionsCountTokensThatAreNoPadding() {
        fuse("""
                constant %padding: i64[] = {1}
                %w: f32[batch, sequence, 2] = gather{axis=0}(%words, %input_ids)
                %t: f32[batch, sequence, 2] = gather{axis=0}(%types, %token_type_ids)
                %isPadding: bool[batch, sequence] = binary{function=equal}(%input_ids, %padding)
                %isToken: bool[batch, sequence] = unary{function=not}(%isPadding)
                %one: i64[batch, sequence] = cast{to=i64}(%isToken)
                %running: i64[batch, sequence] = cumulativeSum{axis=1}(%one)
                %counted: i64[batch, sequence] = binary{function=multiply}(%running, %one)
                %places: i64[batch, sequence] = binary{function=add}(%counted, %padding)
                %p: f32[batch, sequence, 2] = gather{axis=0}(%positions, %places)
                """, WORDS_TYPES_POSITIONS, NORM).becomes(FUSED.replace("positions=0 -1", "positions=2 1"));
    }

    @Test
    void positionsFromARange() {
        fuse(
                        ROWS.replace(
                                        "slice{axis=1; start=0; end=sequence}(%places)",
                                        "reshape{target=[1, sequence]}(%range)")
                                .replace(
                                        "%places.used:",
                                        "%range: i64[sequence] = range{extent=sequence}()\n%places.used:"),
                        WORDS_TYPES_POSITIONS,
                        NORM)
                .becomes(FUSED);
    }

    @Test
    void otherPositionsAreRefused() {
        fuse(ROWS.replace("{0 1 2}", "{0 2 1}"), WORDS_TYPES_POSITIONS, NORM)
                .staysSilentBecause("y", "no table is looked up by positions");
    }

    @Test
    void otherSummandsAreRefused() {
        fuse("input %more: f32[batch, sequence, 2]\n", ROWS, """
                %wp: f32[batch, sequence, 2] = binary{function=add}(%w, %p)
                %sum: f32[batch, sequence, 2] = binary{function=add}(%wp, %more)
                """, NORM)
                .staysSilentBecause("y", "a sum of 3 values, of which 2 are rows of constant tables");
        RuleTester.of(new FuseEmbedding()).on(TABLES + """
                input %sum: f32[batch, sequence, 2]
                """ + NORM).staysSilent();
    }

    @Test
    void onlyTypeBecomesPartOfThePositions() {
        String expected = """
                graph folded
                input %input_ids: i64[batch, sequence]
                constant %words: f32[4, 2] = {1 2 3 4 5 6 7 8}
                constant %positions: f32[4, 2] = {7 7 8 8 9 9 10 10}
                constant %gamma: f32[2] = {1 2}
                constant %beta: f32[2] = {3 4}
                %y: f32[batch, sequence, 2] = embedding{positions=0 -1; epsilon=1.0E-12}(\
                %input_ids, %words, %positions, %gamma, %beta)
                output y = %y
                """;
        String constantType = FUSED.replace("graph embedding\n", "graph embedding\nconstant %type: i64[] = {1}\n")
                .replace("%y: f32", "%same: i64[batch, sequence] = expand{target=[batch, sequence]}(%type)\n%y: f32")
                .replace("%token_type_ids, %words", "%same, %words");
        RuleTester.of(new FoldTokenTypes()).on(constantType).becomes(expected);
        RuleTester.of(new FoldTokenTypes())
                .on(constantType
                        .replace("%types: f32[2, 2] = {5 5 6 6}", "%types: f32[1, 2] = {6 6}")
                        .replace("i64[] = {1}", "i64[] = {0}")
                        .replace(
                                "expand{target=[batch, sequence]}(%type)",
                                "binary{function=multiply}(%token_type_ids, %type)"))
                .becomes(expected);
        RuleTester.of(new FoldTokenTypes())
                .on(constantType.replace("i64[] = {1}", "i64[] = {2}"))
                .staysSilentBecause("y", "the type 2 is outside the table");
    }

    @Test
    void typesThatTheUserGivesStay() {
        RuleTester.of(new FoldTokenTypes()).on(FUSED).staysSilent();
    }
}
