package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.session.Encoder;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An encoder whose outputs a test writes as functions of the token ids of a sequence. */
final class FakeEncoder implements Encoder {
    /** One output: the rows of a sequence, one for each token or one alone. */
    record Head(boolean perToken, Function<int[], float[][]> rows) {}

    private final Map<String, Head> heads = new LinkedHashMap<>();
    private final int maximumLength;
    private final List<Integer> batchRows = new ArrayList<>();
    private boolean closed;

    FakeEncoder(int maximumLength) {
        this.maximumLength = maximumLength;
    }

    FakeEncoder perToken(String name, Function<int[], float[][]> rows) {
        heads.put(name, new Head(true, rows));
        return this;
    }

    FakeEncoder perSequence(String name, Function<int[], float[]> row) {
        heads.put(name, new Head(false, ids -> new float[][] {row.apply(ids)}));
        return this;
    }

    /** Tokens of each batch that was run. */
    List<Integer> batchRows() {
        return batchRows;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public List<String> outputNames() {
        return List.copyOf(heads.keySet());
    }

    @Override
    public int maximumLength() {
        return maximumLength;
    }

    @Override
    public EncoderOutputs run(TokenBatch batch) {
        if (closed) {
            throw new HoneException(HoneException.Category.CLOSED, "closed");
        }
        batchRows.add(batch.rows());
        var outputs = new LinkedHashMap<String, Output>();
        heads.forEach((name, head) -> outputs.put(name, output(head, batch)));
        return new EncoderOutputs(outputs);
    }

    private static Output output(Head head, TokenBatch batch) {
        var rows = new ArrayList<float[]>();
        for (int[] ids : batch.ids()) {
            rows.addAll(List.of(head.rows().apply(ids)));
        }
        int width = rows.getFirst().length;
        float[] values = new float[rows.size() * width];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row), 0, values, row * width, width);
        }
        return new Output(head.perToken(), width, values);
    }

    @Override
    public void close() {
        closed = true;
    }
}
