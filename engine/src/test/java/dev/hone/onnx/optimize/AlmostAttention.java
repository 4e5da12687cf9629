package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import java.util.List;

/** One attention with a fault. */
public final class AlmostAttention {
    private static final int HIDDEN = 8;

    private final Miss miss;
    private final ExportedGraph graph = new ExportedGraph(17);

    private AlmostAttention(Miss miss) {
        this.miss = miss;
    }

    /** The graph; its output {@code context} has the shape {@code [batch, sequence, 8]}. */
    public static ExportedGraph of(Miss miss) {
        AlmostAttention attention = new AlmostAttention(miss);
        attention.project();
        attention.mask();
        attention.attend();
        return attention.graph.output("context", "batch", "sequence", HIDDEN);
    }

    private boolean has(Miss other) {
        return miss == other;
    }

    private void project() {
        graph.rows("rows", "batch", "sequence", HIDDEN)
                .longs("split", 0, 0, 2, 4)
                .longs("joined", 0, 0, HIDDEN);
        if (has(Miss.KEYS_OF_OTHER_ROWS)) {
            graph.rows("other", "batch", "sequence", HIDDEN);
        }
        if (has(Miss.ONE_PROJECTION) || has(Miss.ONE_PROJECTION_IN_ANOTHER_ORDER)) {
            String parts = has(Miss.ONE_PROJECTION) ? "query key value" : "query value key";
            graph.weights("qkv.weight", HIDDEN, 3 * HIDDEN).weights("qkv.bias", 3 * HIDDEN);
            graph.longs("parts", HIDDEN, HIDDEN, HIDDEN);
            graph.node("MatMul", "rows qkv.weight -> product").node("Add", "product qkv.bias -> qkv");
            graph.node("Split", "qkv parts -> " + parts, Attributes.integer("axis", 2));
        } else {
            List.of("query", "key", "value").forEach(this::project);
        }
        for (String name : List.of("query", "key", "value")) {
            graph.node("Reshape", name + " split -> " + name + ".split");
        }
        graph.node("Transpose", "query.split -> query.heads", Attributes.integers("perm", 0, 2, 1, 3));
        graph.node("Transpose", "value.split -> value.heads", Attributes.integers("perm", 0, 2, 1, 3));
        long[] turned = has(Miss.KEY_PERMUTATION) ? new long[] {0, 2, 1, 3} : new long[] {0, 2, 3, 1};
        graph.node("Transpose", "key.split -> key.heads", Attributes.integers("perm", turned));
    }

    private void project(String name) {
        String rows = has(Miss.KEYS_OF_OTHER_ROWS) && name.equals("key") ? "other" : "rows";
        graph.weights(name + ".weight", HIDDEN, HIDDEN).weights(name + ".bias", HIDDEN);
        graph.node("MatMul", rows + " " + name + ".weight -> " + name + ".product");
        graph.node("Add", name + ".product " + name + ".bias -> " + name);
    }

    private void mask() {
        graph.number("unit", 1).number("hidden", has(Miss.WEAK_MASK) ? -1 : -10000);
        String tokens = has(Miss.MASK_OF_OTHER_TOKENS) ? "others" : "sequence";
        graph.ids("mask", "batch", tokens);
        int last = has(Miss.MASK_ALONG_QUERIES) ? 3 : 2;
        graph.unsqueeze("mask -> mask.one", 1).unsqueeze("mask.one -> mask.two", last);
        graph.node("Cast", "mask.two -> mask.real", Attributes.integer("to", 1));
        graph.node("Sub", has(Miss.INVERTED_MASK) ? "mask.real unit -> inverse" : "unit mask.real -> inverse");
        graph.node("Mul", "inverse hidden -> mask.added");
        if (has(Miss.BIAS_OF_POSITIONS)) {
            graph.number("bias", -20000).node("Identity", "bias -> added");
        } else {
            graph.node("Identity", "mask.added -> added");
        }
    }

    private void attend() {
        graph.number("root", has(Miss.OTHER_SCALE) ? 4 : 2).number("two", 2);
        graph.node("MatMul", "query.heads key.heads -> raw").node("Div", "raw root -> scores");
        graph.node("Add", "scores added -> masked");
        graph.node("Softmax", "masked -> weights", Attributes.integer("axis", has(Miss.SOFTMAX_AXIS) ? 2 : -1));
        String values = has(Miss.SCALED_VALUES) ? "value.twice" : "value.heads";
        if (has(Miss.SCALED_VALUES)) {
            graph.node("Mul", "value.heads two -> value.twice");
        }
        boolean guarded = has(Miss.GUARDED_WEIGHTS) || has(Miss.GUARDED_BY_ONE);
        if (guarded) {
            graph.number("nothing", has(Miss.GUARDED_WEIGHTS) ? 0 : 1);
            graph.node("IsNaN", "weights -> broken").node("Where", "broken nothing weights -> guarded");
        }
        graph.node("MatMul", (guarded ? "guarded " : "weights ") + values + " -> mixed");
        graph.node("Transpose", "mixed -> back", Attributes.integers("perm", 0, 2, 1, 3));
        graph.node("Reshape", "back joined -> context");
        if (has(Miss.WEIGHTS_ARE_AN_OUTPUT)) {
            graph.output("weights", "batch", 2, "sequence", "sequence");
        }
    }
}
