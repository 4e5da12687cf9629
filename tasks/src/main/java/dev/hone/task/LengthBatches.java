package dev.hone.task;

import dev.hone.session.Encoder;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.TokenBatch;
import dev.hone.tokenize.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Runs sequences in batches of similar length; a batch holds at most so many tokens, or a single sequence. */
final class LengthBatches {
    /** Is given each sequence once, in the order of the batches. */
    @FunctionalInterface
    interface Receiver {
        void accept(int index, SequenceOutputs outputs);
    }

    private LengthBatches() {}

    static void run(Encoder encoder, List<Encoding> encodings, int tokenBudget, Receiver receiver) {
        for (int[] batch : plan(encodings, tokenBudget)) {
            EncoderOutputs outputs = encoder.run(tokens(encodings, batch));
            int firstToken = 0;
            for (int sequence = 0; sequence < batch.length; sequence++) {
                int length = encodings.get(batch[sequence]).length();
                receiver.accept(batch[sequence], new SequenceOutputs(outputs, sequence, firstToken, length));
                firstToken += length;
            }
        }
    }

    /** Indices of the sequences of each batch, longest first, so that the largest batch comes first. */
    static List<int[]> plan(List<Encoding> encodings, int tokenBudget) {
        int[] order = IntStream.range(0, encodings.size())
                .boxed()
                .sorted(Comparator.comparingInt(
                                (Integer index) -> encodings.get(index).length())
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        var batches = new ArrayList<int[]>();
        int from = 0;
        while (from < order.length) {
            int to = from;
            int tokens = 0;
            do {
                tokens += encodings.get(order[to]).length();
                to++;
            } while (to < order.length && tokens + encodings.get(order[to]).length() <= tokenBudget);
            batches.add(Arrays.copyOfRange(order, from, to));
            from = to;
        }
        return batches;
    }

    private static TokenBatch tokens(List<Encoding> encodings, int[] batch) {
        int[][] ids = new int[batch.length][];
        int[][] types = new int[batch.length][];
        for (int sequence = 0; sequence < batch.length; sequence++) {
            ids[sequence] = encodings.get(batch[sequence]).ids();
            types[sequence] = encodings.get(batch[sequence]).types();
        }
        return new TokenBatch(ids, types);
    }
}
