package dev.hone.engines;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.hone.onnx.Attributes;
import dev.hone.onnx.optimize.ExportedGraph;
import java.nio.file.Path;

/**
 * The smallest model with the inputs and outputs of an encoder: a token's row is its row of a table, a sequence's row
 * is the sum over its tokens where the mask is one, and the start score is the sum over a token's row.
 */
public final class TinyOnnx {
    public static final int VOCABULARY = 50;
    public static final int HIDDEN = 4;

    private TinyOnnx() {}

    /** The value of the table at a token's row and a column. */
    public static float table(int id, int column) {
        return id + column / 8f;
    }

    /** Writes the model; ids and mask are int64, or int32 where {@code narrow}. */
    public static Path write(Path file, boolean narrow) {
        return write(file, narrow, 0);
    }

    /** Writes a model whose answers are off: the first column of its table is larger by the given amount. */
    public static Path writeWithTable(Path file, float offset) {
        return write(file, false, offset);
    }

    private static Path write(Path file, boolean narrow, float offset) {
        ExportedGraph graph = new ExportedGraph(17);
        for (String input : new String[] {"input_ids", "attention_mask"}) {
            if (narrow) {
                graph.narrowIds(input, "batch", "sequence");
            } else {
                graph.ids(input, "batch", "sequence");
            }
        }
        return graph.weights("table", embedding(offset), VOCABULARY, HIDDEN)
                .longs("last", 2)
                .longs("tokens", 1)
                .node("Gather", "table input_ids -> last_hidden_state")
                .node("Cast", "attention_mask -> floats", Attributes.integer("to", TensorProto.DataType.FLOAT_VALUE))
                .node("Unsqueeze", "floats last -> column")
                .node("Mul", "last_hidden_state column -> masked")
                .node("ReduceSum", "masked tokens -> logits", Attributes.integer("keepdims", 0))
                .node("ReduceSum", "last_hidden_state last -> start_logits", Attributes.integer("keepdims", 0))
                .output("last_hidden_state", "batch", "sequence", HIDDEN)
                .output("logits", "batch", HIDDEN)
                .output("start_logits", "batch", "sequence")
                .write(file);
    }

    private static float[] embedding(float offset) {
        float[] table = new float[VOCABULARY * HIDDEN];
        for (int id = 0; id < VOCABULARY; id++) {
            for (int column = 0; column < HIDDEN; column++) {
                table[id * HIDDEN + column] = table(id, column) + (column == 0 ? offset : 0);
            }
        }
        return table;
    }
}
