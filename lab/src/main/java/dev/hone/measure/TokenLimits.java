package dev.hone.measure;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.session.TokenBatch;
import java.util.SplittableRandom;

/**
 * What ids and lengths a graph takes, read off the tables that it looks rows up in.
 *
 * @param vocabulary rows of the smallest table that an input of ids reads
 * @param length rows of the smallest table that computed positions read, less what a scheme of positions may skip
 */
public record TokenLimits(int vocabulary, int length) {
    private static final int MOST_SKIPPED = 4;
    private static final int DEFAULT_LENGTH = 512;

    /** The limits of a graph of small or fused operators. */
    public static TokenLimits of(Graph graph) {
        long vocabulary = Integer.MAX_VALUE;
        long positions = DEFAULT_LENGTH + MOST_SKIPPED;
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.Embedding) {
                int tables = node.inputs().size() == 7 ? 2 : 1;
                vocabulary = Math.min(vocabulary, rows(node.input(tables)));
                positions = Math.min(positions, rows(node.input(tables + 1)));
            } else if (node.op() instanceof Op.Gather gather && gather.axis() == 0 && isTable(graph, node.input(0))) {
                if (!graph.inputs().contains(node.input(1))) {
                    positions = Math.min(positions, rows(node.input(0)));
                } else if (!node.input(1).name().contains("type")) {
                    vocabulary = Math.min(vocabulary, rows(node.input(0)));
                }
            }
        }
        boolean known = vocabulary < Integer.MAX_VALUE;
        return new TokenLimits(known ? (int) vocabulary : 2, (int) Math.max(1, positions - MOST_SKIPPED));
    }

    private static boolean isTable(Graph graph, Value value) {
        return graph.constant(value).isPresent()
                && value.type().isFloat()
                && value.shape().rank() == 2;
    }

    private static long rows(Value table) {
        return table.shape().dim(0).value();
    }

    /** Three sequences of different lengths with replayable ids, without the first ones, which models treat apart. */
    public TokenBatch tokens(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int lowest = vocabulary > 2000 ? 1000 : Math.min(4, vocabulary - 1);
        int[][] ids = new int[3][];
        for (int sequence = 0; sequence < ids.length; sequence++) {
            int wanted = Math.clamp(length, 1, 7 + 11 * sequence);
            ids[sequence] = random.ints(wanted, lowest, vocabulary).toArray();
        }
        return TokenBatch.of(ids);
    }
}
