package dev.hone.checkpoint;

import dev.hone.graph.Graph;
import dev.hone.graph.Op;
import java.util.Optional;

/**
 * The versions that a file of a graph is written in: those of the file it came from where the operators have the forms
 * that are written, otherwise the lowest later ones.
 *
 * @param opset version of the standard operators
 * @param format version of the file format
 * @param raised why the operators' version is not the file's; empty where it is
 */
record OnnxVersions(long opset, long format, Optional<String> raised) {
    /** What files of graphs that came from no file have. */
    static final long USUAL_OPSET = 17;

    /** From here on softmax works on one axis, and sums, squeezes and splits take their axes as operands. */
    private static final long LOWEST = 13;

    /** From here on there is an operator for a normalisation of rows. */
    private static final long WITH_NORMALIZATION = 17;

    /** From here on means, maxima and lengths take their axes as operands. */
    static final long AXES_AS_OPERANDS = 18;

    static OnnxVersions of(Graph graph, Optional<OnnxFacts> facts) {
        long wanted = facts.map(OnnxFacts::opset).orElse(USUAL_OPSET);
        boolean normalizes = graph.nodes().stream().anyMatch(node -> switch (node.op()) {
            case Op.LayerNorm _, Op.ResidualLayerNorm _, Op.Embedding _ -> true;
            default -> false;
        });
        long opset = Math.max(wanted, normalizes ? WITH_NORMALIZATION : LOWEST);
        long format = Math.max(
                lowestFormat(opset), facts.map(OnnxFacts::formatVersion).orElse(0L));
        return new OnnxVersions(opset, format, opset == wanted ? Optional.empty() : Optional.of(reason(wanted, opset)));
    }

    private static String reason(long wanted, long opset) {
        String why = opset == WITH_NORMALIZATION
                ? "the first with an operator for normalisations"
                : "the first in which a softmax works on one axis and sums take their axes as operands";
        return "operator set " + wanted + " was raised to " + opset + ", " + why;
    }

    /** The file format that came with an operator set. */
    private static long lowestFormat(long opset) {
        if (opset >= 21) {
            return 10;
        }
        return opset >= 19 ? 9 : opset >= 15 ? 8 : 7;
    }
}
