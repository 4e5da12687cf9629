package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;

/** Encoders of one layer with drawn weights, wired as exporters of several ages wire them. */
public final class ExportedEncoder {
    public static final int HIDDEN = 8;
    public static final int HEADS = 2;
    private static final int HEAD_SIZE = HIDDEN / HEADS;
    private static final int VOCABULARY = 20;
    private static final int POSITIONS = 40;
    private static final int INNER = 12;
    private static final double LOWEST = -3.4028234663852886e38;

    /** How the layer normalisation is written. */
    public enum Norm {
        SUBGRAPH,
        OPERATOR
    }

    /** How the activation is written. */
    public enum Activation {
        ERF_HALF_LAST,
        ERF_HALF_FIRST,
        TANH_CUBE,
        TANH_PRODUCT
    }

    /** Where the scores are scaled. */
    public enum Scale {
        DIVIDED,
        MULTIPLIED,
        QUERY,
        QUERY_BEFORE_SPLIT,
        BOTH_SIDES
    }

    /** How padding is hidden. */
    public enum Mask {
        ADDED_TEN_THOUSAND,
        ADDED_LOWEST,
        WHERE_EXPANDED,
        EXPANDED_AND_FILLED,
        NONE
    }

    /** Which embeddings there are. */
    public enum Embeddings {
        BERT,
        DISTILBERT,
        ROBERTA
    }

    /** What a model is made of. */
    public record Style(
            long operatorSet, Norm norm, Activation activation, Scale scale, Mask mask, Embeddings embeddings) {
        public static final Style BERT = new Style(
                17, Norm.OPERATOR, Activation.ERF_HALF_LAST, Scale.DIVIDED, Mask.ADDED_LOWEST, Embeddings.BERT);
        public static final Style OLD_BERT = new Style(
                11, Norm.SUBGRAPH, Activation.ERF_HALF_FIRST, Scale.DIVIDED, Mask.ADDED_TEN_THOUSAND, Embeddings.BERT);
        public static final Style DISTILBERT = new Style(
                17, Norm.OPERATOR, Activation.ERF_HALF_LAST, Scale.QUERY, Mask.WHERE_EXPANDED, Embeddings.DISTILBERT);
        public static final Style OLD_DISTILBERT = new Style(
                12,
                Norm.SUBGRAPH,
                Activation.ERF_HALF_LAST,
                Scale.QUERY_BEFORE_SPLIT,
                Mask.WHERE_EXPANDED,
                Embeddings.DISTILBERT);
        public static final Style ROBERTA = new Style(
                14, Norm.SUBGRAPH, Activation.TANH_CUBE, Scale.MULTIPLIED, Mask.ADDED_LOWEST, Embeddings.ROBERTA);
        public static final Style SCALED_DOT_PRODUCT = new Style(
                17,
                Norm.OPERATOR,
                Activation.TANH_PRODUCT,
                Scale.BOTH_SIDES,
                Mask.EXPANDED_AND_FILLED,
                Embeddings.BERT);
        public static final Style WITHOUT_MASK =
                new Style(17, Norm.OPERATOR, Activation.ERF_HALF_LAST, Scale.DIVIDED, Mask.NONE, Embeddings.BERT);
    }

    private final Style style;
    private final ExportedGraph graph;

    private ExportedEncoder(Style style) {
        this.style = style;
        this.graph = new ExportedGraph(style.operatorSet());
    }

    /** The graph; its output {@code hidden} has the shape {@code [batch, sequence, HIDDEN]}. */
    public static ExportedGraph of(Style style) {
        ExportedEncoder encoder = new ExportedEncoder(style);
        encoder.constants();
        encoder.embed();
        encoder.attend();
        encoder.feedForward();
        return encoder.graph.output("hidden", "batch", "sequence", HIDDEN);
    }

    private void constants() {
        graph.ids("input_ids", "batch", "sequence").ids("attention_mask", "batch", "sequence");
        graph.index("zero", 0)
                .index("one", 1)
                .longs("first", 0)
                .longs("single", 1)
                .longs("second", 1);
        graph.longs("heads", HEADS)
                .longs("size", HEAD_SIZE)
                .longs("width", HIDDEN)
                .longs("rest", -1);
        graph.number("unit", 1)
                .number("half", 0.5)
                .number("two", 2)
                .number("three", 3)
                .number("epsilon", 1e-12);
        graph.node("Shape", "input_ids -> ids.shape");
        graph.node("Gather", "ids.shape zero -> batch", Attributes.integer("axis", 0));
        graph.node("Gather", "ids.shape one -> length", Attributes.integer("axis", 0));
        graph.unsqueeze("batch -> batch.list", 0).unsqueeze("length -> length.list", 0);
    }

    private void embed() {
        graph.weights("words", VOCABULARY, HIDDEN).weights("positions", POSITIONS, HIDDEN);
        graph.node("Gather", "words input_ids -> word.rows");
        switch (style.embeddings()) {
            case BERT -> {
                countedPositions();
                graph.ids("token_type_ids", "batch", "sequence").weights("segments", 2, HIDDEN);
                graph.node("Gather", "segments token_type_ids -> segment.rows");
                graph.node("Add", "word.rows segment.rows -> word.sum");
            }
            case DISTILBERT -> {
                countedPositions();
                graph.node("Identity", "word.rows -> word.sum");
            }
            case ROBERTA -> {
                computedPositions();
                graph.weights("segments", 1, HIDDEN).row("zeros", POSITIONS, false);
                graph.node("Slice", "zeros first length.list single single -> segment.row");
                graph.node("Concat", "batch.list length.list -> segment.shape", Attributes.integer("axis", 0));
                graph.node("Expand", "segment.row segment.shape -> segment.ids");
                graph.node("Gather", "segments segment.ids -> segment.rows");
                graph.node("Add", "word.rows segment.rows -> word.sum");
            }
        }
        graph.node("Gather", "positions position.ids -> position.rows");
        graph.node("Add", "word.sum position.rows -> embedded");
        normalize("embedded", "states");
    }

    private void countedPositions() {
        graph.row("counting", POSITIONS, true);
        graph.node("Slice", "counting first length.list single single -> position.ids");
    }

    private void computedPositions() {
        graph.node("Equal", "input_ids one -> padding").node("Not", "padding -> token");
        graph.node("Cast", "token -> token.count", Attributes.integer("to", 6));
        graph.node("Cast", "one -> one.axis", Attributes.integer("to", 6));
        graph.node("CumSum", "token.count one.axis -> summed").node("Mul", "summed token.count -> counted");
        graph.node("Cast", "counted -> counted.long", Attributes.integer("to", 7));
        graph.node("Add", "counted.long one -> position.ids");
    }

    private void normalize(String rows, String result) {
        graph.weights(result + ".scale", HIDDEN).weights(result + ".bias", HIDDEN);
        if (style.norm() == Norm.OPERATOR) {
            graph.node(
                    "LayerNormalization",
                    rows + " " + result + ".scale " + result + ".bias -> " + result,
                    Attributes.integer("axis", -1),
                    Attributes.real("epsilon", 1e-12));
            return;
        }
        String at = result + ".";
        graph.node("ReduceMean", rows + " -> " + at + "mean", Attributes.integers("axes", -1));
        graph.node("Sub", rows + " " + at + "mean -> " + at + "centred");
        graph.node("Pow", at + "centred two -> " + at + "square");
        graph.node("ReduceMean", at + "square -> " + at + "variance", Attributes.integers("axes", -1));
        graph.node("Add", at + "variance epsilon -> " + at + "shifted");
        graph.node("Sqrt", at + "shifted -> " + at + "deviation");
        graph.node("Div", at + "centred " + at + "deviation -> " + at + "normal");
        graph.node("Mul", at + "normal " + at + "scale -> " + at + "scaled");
        graph.node("Add", at + "scaled " + at + "bias -> " + result);
    }

    private void linear(String rows, String result, int depth, int columns) {
        graph.weights(result + ".weight", depth, columns).weights(result + ".bias", columns);
        graph.node("MatMul", rows + " " + result + ".weight -> " + result + ".product");
        graph.node("Add", result + ".bias " + result + ".product -> " + result);
    }

    private void attend() {
        graph.number("root", Math.sqrt(HEAD_SIZE)).number("inverse", 1 / Math.sqrt(HEAD_SIZE));
        graph.number("fourth", Math.pow(HEAD_SIZE, -0.25));
        linear("states", "query", HIDDEN, HIDDEN);
        linear("states", "key", HIDDEN, HIDDEN);
        linear("states", "value", HIDDEN, HIDDEN);
        graph.node("Concat", "batch.list rest heads size -> split", Attributes.integer("axis", 0));
        String query = "query";
        if (style.scale() == Scale.QUERY_BEFORE_SPLIT) {
            graph.node("Div", "query root -> query.scaled");
            query = "query.scaled";
        }
        split(query, "query.heads", 0, 2, 1, 3);
        split("key", "key.heads", 0, 2, 3, 1);
        split("value", "value.heads", 0, 2, 1, 3);
        scores();
        graph.node("Softmax", "masked -> weights", Attributes.integer("axis", 3));
        graph.node("MatMul", "weights value.heads -> mixed");
        graph.node("Transpose", "mixed -> mixed.rows", Attributes.integers("perm", 0, 2, 1, 3));
        graph.node("Concat", "batch.list rest width -> joined", Attributes.integer("axis", 0));
        graph.node("Reshape", "mixed.rows joined -> context");
        linear("context", "dense", HIDDEN, HIDDEN);
        graph.node("Add", "dense states -> attended.sum");
        normalize("attended.sum", "attended");
    }

    private void split(String rows, String result, long... permutation) {
        graph.node("Reshape", rows + " split -> " + result + ".split");
        graph.node("Transpose", result + ".split -> " + result, Attributes.integers("perm", permutation));
    }

    private void scores() {
        switch (style.scale()) {
            case DIVIDED -> graph.node("MatMul", "query.heads key.heads -> raw").node("Div", "raw root -> scores");
            case MULTIPLIED ->
                graph.node("MatMul", "query.heads key.heads -> raw").node("Mul", "raw inverse -> scores");
            case QUERY -> graph.node("Div", "query.heads root -> left").node("MatMul", "left key.heads -> scores");
            case QUERY_BEFORE_SPLIT -> graph.node("MatMul", "query.heads key.heads -> scores");
            case BOTH_SIDES ->
                graph.node("Mul", "query.heads fourth -> left")
                        .node("Mul", "key.heads fourth -> right")
                        .node("MatMul", "left right -> scores");
        }
        switch (style.mask()) {
            case ADDED_TEN_THOUSAND -> addedMask(-10000);
            case ADDED_LOWEST -> addedMask(LOWEST);
            case WHERE_EXPANDED -> chosenMask();
            case EXPANDED_AND_FILLED -> filledMask();
            case NONE -> graph.node("Identity", "scores -> masked");
        }
    }

    private void addedMask(double hidden) {
        graph.number("hidden.score", hidden);
        graph.unsqueeze("attention_mask -> mask.one", 1).unsqueeze("mask.one -> mask.two", 2);
        graph.node("Cast", "mask.two -> mask.real", Attributes.integer("to", 1));
        graph.node("Sub", "unit mask.real -> mask.inverse").node("Mul", "mask.inverse hidden.score -> mask.added");
        graph.node("Add", "scores mask.added -> masked");
    }

    private void chosenMask() {
        graph.number("hidden.score", LOWEST);
        graph.node("Equal", "attention_mask zero -> mask.zero");
        graph.node("Concat", "batch.list single single length.list -> mask.shape", Attributes.integer("axis", 0));
        graph.node("Reshape", "mask.zero mask.shape -> mask.view").node("Shape", "scores -> scores.shape");
        graph.node("Expand", "mask.view scores.shape -> mask.wide");
        graph.node("Cast", "mask.wide -> mask.truth", Attributes.integer("to", 9));
        graph.node("Where", "mask.truth hidden.score scores -> masked");
    }

    private void filledMask() {
        graph.number("hidden.score", LOWEST);
        graph.unsqueeze("attention_mask -> mask.one", 1).unsqueeze("mask.one -> mask.two", 2);
        graph.node("Concat", "batch.list single length.list length.list -> mask.shape", Attributes.integer("axis", 0));
        graph.node("Expand", "mask.two mask.shape -> mask.wide");
        graph.node("Cast", "mask.wide -> mask.real", Attributes.integer("to", 1));
        graph.node("Sub", "unit mask.real -> mask.inverse");
        graph.node("Cast", "mask.inverse -> mask.truth", Attributes.integer("to", 9));
        graph.node("Where", "mask.truth hidden.score mask.inverse -> mask.added");
        graph.node("Add", "scores mask.added -> masked");
    }

    private void feedForward() {
        linear("attended", "inner", HIDDEN, INNER);
        ExportedActivation.write(style.activation(), graph);
        linear("active", "outer", INNER, HIDDEN);
        graph.node("Add", "outer attended -> outer.sum");
        normalize("outer.sum", "hidden");
    }
}
