package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The layer normalisation of summed rows of tables, one for words, one for positions and, where there is one, one for
 * segments, becomes {@code EmbedLayerNormalization}. Positions that are not counted from 0 are an operand; a segment
 * that is the same for all tokens joins the table of positions. Begins at the normalisation.
 */
final class FuseEmbedLayerNormalization implements Fusion {
    private static final float USUAL_EPSILON = 1e-5f;

    @Override
    public String name() {
        return "EmbedLayerNormalization";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return node.is("LayerNormalization") && leavesAreTables(node.input(0), look);
    }

    private static boolean leavesAreTables(String value, Look look) {
        Optional<EditableNode> sum = look.maker(value).filter(node -> node.is("Add"));
        return sum.isPresent()
                && sum.get().inputs().stream()
                        .anyMatch(operand -> isTableRows(operand, look)
                                || look.maker(operand)
                                        .filter(node -> node.is("Add"))
                                        .filter(inner ->
                                                inner.inputs().stream().allMatch(leaf -> isTableRows(leaf, look)))
                                        .isPresent());
    }

    private static boolean isTableRows(String value, Look look) {
        return look.maker(value)
                .filter(node -> node.is("Gather") && look.isConstant(node.input(0)))
                .isPresent();
    }

    /**
     * Rows of a table.
     *
     * @param ids what chooses the rows
     */
    private record Lookup(String table, String ids, long rows) {}

    /** What is summed: words by ids of the model's input, positions, and segments. */
    private record Embeddings(Lookup words, Lookup positions, Optional<Lookup> segments) {}

    @Override
    public void fuse(EditableNode node, Look look) {
        long axis = node.integer("axis").orElse(-1);
        Mismatch.unless(axis == -1 || axis == 2, node + " normalises from axis " + axis);
        Mismatch.unless(node.inputs().size() == 3 && node.outputs().size() == 1, node + " has no bias");
        List<Lookup> lookups = new ArrayList<>();
        look.requireReadOnce(node.input(0));
        collect(look.maker(node.input(0), "Add"), lookups, look);
        requireOneWidth(node, lookups, look);
        Embeddings embeddings = sorted(lookups, look);
        List<Amount> tokens = look.shape(embeddings.words().ids());
        TokenPositions positions = TokenPositions.of(embeddings.positions().ids(), tokens, look);
        Optional<Lookup> segments = embeddings.segments();
        Optional<Long> onlySegment = segments.flatMap(some -> TokenPositions.same(some.ids(), some.rows(), look));
        Mismatch.unless(
                segments.isEmpty()
                        || onlySegment.isPresent()
                        || look.shape(segments.get().ids()).equals(tokens),
                "the segments have another shape than the words, " + tokens);
        List<String> inputs = new ArrayList<>(operands(embeddings, onlySegment, look));
        inputs.add(node.input(1));
        inputs.add(node.input(2));
        Optional<EditableNode> summed = summedMask(tokens, look);
        inputs.add(summed.map(sum -> sum.input(0)).orElse(""));
        inputs.add(
                positions.counted()
                        ? ""
                        : AttentionMasks.narrow(embeddings.positions().ids(), look));
        write(node, inputs, summed, look);
    }

    private static void requireOneWidth(EditableNode node, List<Lookup> lookups, Look look) {
        Amount width = look.width(lookups.getFirst().table());
        boolean tables =
                lookups.stream().allMatch(lookup -> look.width(lookup.table()).equals(width));
        boolean vectors = look.shape(node.input(1)).equals(List.of(width))
                && look.shape(node.input(2)).equals(List.of(width));
        Mismatch.unless(tables && vectors, "the tables, the scale and the bias of " + node + " are not equally wide");
    }

    /** Ids of words and segments, and the tables of words, positions and segments. */
    private static List<String> operands(Embeddings embeddings, Optional<Long> onlySegment, Look look) {
        Optional<Lookup> segments = embeddings.segments().filter(_ -> onlySegment.isEmpty());
        return List.of(
                AttentionMasks.narrow(embeddings.words().ids(), look),
                segments.map(some -> AttentionMasks.narrow(some.ids(), look)).orElse(""),
                embeddings.words().table(),
                onlySegment
                        .map(segment -> joined(embeddings, segment, look))
                        .orElse(embeddings.positions().table()),
                segments.map(Lookup::table).orElse(""));
    }

    private static void write(EditableNode node, List<String> inputs, Optional<EditableNode> summed, Look look) {
        while (inputs.getLast().isEmpty()) {
            inputs.removeLast();
        }
        List<String> outputs = List.of(node.output(), look.model().freeName(node.output() + "_mask_index"));
        summed.ifPresent(sum -> look.model().replace(sum.output(), outputs.get(1)));
        look.instead(node, EditableNode.MICROSOFT + ".EmbedLayerNormalization", inputs, outputs)
                .set(Attributes.real("epsilon", node.real("epsilon", USUAL_EPSILON)));
    }

    /** The node that counts the tokens of each sequence for attention: the fused operator does so itself. */
    private static Optional<EditableNode> summedMask(List<Amount> tokens, Look look) {
        return look.model().nodes().stream()
                .filter(node -> Look.isOneOf(
                        node, EditableNode.MICROSOFT + ".Attention", EditableNode.MICROSOFT + ".MultiHeadAttention"))
                .flatMap(node -> node.inputs().stream())
                .flatMap(input -> look.maker(input).stream())
                .filter(node -> node.is("ReduceSum")
                        && look.values().get(node.input(0)).type().equals(Optional.of(DType.I32))
                        && look.values().shape(node.input(0)).equals(Optional.of(tokens)))
                .findFirst();
    }

    private static void collect(EditableNode sum, List<Lookup> lookups, Look look) {
        for (String operand : sum.inputs()) {
            EditableNode node = look.onlyMaker(operand, "Add", "Gather");
            if (node.is("Add")) {
                collect(node, lookups, look);
                continue;
            }
            Tensor table = look.model()
                    .constant(node.input(0))
                    .orElseThrow(() -> new Mismatch(node + " reads no constant table"));
            Mismatch.unless(node.integer("axis").orElse(0) == 0, node + " does not take rows");
            Mismatch.unless(
                    table.rank() == 2 && table.type() == DType.F32,
                    node.input(0) + " is " + table.type().text() + table.shape() + ", no table of f32");
            lookups.add(new Lookup(
                    node.input(0), node.input(1), table.shape().dim(0).value()));
        }
    }

    private static Embeddings sorted(List<Lookup> lookups, Look look) {
        Mismatch.unless(
                lookups.size() == 2 || lookups.size() == 3, lookups.size() + " tables are summed, where 2 or 3 belong");
        List<Lookup> byInput = lookups.stream()
                .filter(some ->
                        isInput(some.ids(), look) && look.shape(some.ids()).size() == 2)
                .filter(some -> !some.ids().contains("position"))
                .toList();
        Lookup words = byInput.stream()
                .max((first, second) -> Long.compare(first.rows(), second.rows()))
                .orElseThrow(() -> new Mismatch("no table is read by ids that are an input of the model"));
        List<Lookup> others = new ArrayList<>(lookups);
        others.remove(words);
        if (others.size() == 1) {
            return new Embeddings(words, others.getFirst(), Optional.empty());
        }
        Lookup segments = others.stream()
                .filter(some -> byInput.contains(some)
                        || TokenPositions.same(some.ids(), some.rows(), look).isPresent())
                .findFirst()
                .orElseThrow(() -> new Mismatch("neither " + others.get(0).ids() + " nor "
                        + others.get(1).ids() + " is an input of the model or one segment for all tokens"));
        others.remove(segments);
        return new Embeddings(words, others.getFirst(), Optional.of(segments));
    }

    private static boolean isInput(String value, Look look) {
        return look.model().inputs().stream().anyMatch(input -> input.getName().equals(value));
    }

    /** The table of positions with one segment's row added to each of its rows. */
    private static String joined(Embeddings embeddings, long segment, Look look) {
        Tensor positions = look.model().constant(embeddings.positions().table()).orElseThrow();
        Tensor segments = look.model()
                .constant(embeddings.segments().orElseThrow().table())
                .orElseThrow();
        int width = Math.toIntExact(positions.shape().last().value());
        float[] row = new float[width];
        segments.readLine(1, new long[] {segment, 0}, row, width);
        float[] all = positions.toFloatArray();
        for (int element = 0; element < all.length; element++) {
            all[element] += row[element % width];
        }
        return look.model()
                .addConstant(embeddings.positions().table() + "_with_segment", Tensor.ofFloats(positions.shape(), all));
    }
}
