package dev.hone.checkpoint;

import java.util.List;

/** A model of one attention layer, wired as exporters wire it, with the shapes computed inside. */
final class OnnxLayer {
    private OnnxLayer() {}

    static OnnxFile build() {
        OnnxFile file = OnnxFile.ofIds().output("logits");
        addConstants(file);
        file.node("Gather", "table input_ids -> words");
        file.node("Shape", "words -> shape")
                .node("Gather", "shape zero -> batch")
                .node("Gather", "shape one -> length");
        file.node("Unsqueeze", "batch first -> batch1").node("Unsqueeze", "length first -> length1");
        file.node("Concat", "batch1 length1 two two -> split", OnnxFile.integer("axis", 0));
        file.node("MatMul", "words query -> product").node("Add", "bias product -> queries");
        file.node("Reshape", "queries split -> heads");
        file.node("Transpose", "heads -> left", OnnxFile.integers("perm", 0, 2, 1, 3));
        file.node("Transpose", "heads -> right", OnnxFile.integers("perm", 0, 2, 3, 1));
        file.node("MatMul", "left right -> scores").node("Div", "scores root -> scaled");
        file.node("Unsqueeze", "attention_mask ones -> wide").node("Cast", "wide -> real", OnnxFile.integer("to", 1));
        file.node("Sub", "unit real -> hidden")
                .node("Mul", "hidden low -> mask")
                .node("Add", "scaled mask -> masked");
        file.node("Softmax", "masked -> weights", OnnxFile.integer("axis", -1));
        file.node("MatMul", "weights left -> mixed");
        file.node("Transpose", "mixed -> back", OnnxFile.integers("perm", 0, 2, 1, 3));
        file.node("Concat", "batch1 length1 last -> joined", OnnxFile.integer("axis", 0));
        file.node("Reshape", "back joined -> states");
        file.node("LayerNormalization", "states bias bias -> normed", OnnxFile.integer("axis", -1));
        file.node("Gather", "normed zero -> token", OnnxFile.integer("axis", 1));
        return file.node("Gemm", "token head -> logits", OnnxFile.integer("transB", 1));
    }

    private static void addConstants(OnnxFile file) {
        file.floats("table", List.of(5L, 4L), new float[20]).floats("query", List.of(4L, 4L), new float[16]);
        file.floats("bias", List.of(4L), new float[4]).floats("head", List.of(3L, 4L), new float[12]);
        file.longs("zero", List.of(), 0).longs("one", List.of(), 1).longs("first", List.of(1L), 0);
        file.longs("two", List.of(1L), 2).longs("last", List.of(1L), -1).longs("ones", List.of(2L), 1, 2);
        file.floats("root", List.of(), 1.5f).floats("unit", List.of(), 1f).floats("low", List.of(), -1e30f);
    }
}
