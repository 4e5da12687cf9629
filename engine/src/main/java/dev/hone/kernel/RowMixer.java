package dev.hone.kernel;

import dev.hone.tensor.Rotation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Emits walks over the columns of a row that is mixed by its {@link Rotation} as it is loaded. Mixing again in each
 * walk costs less than keeping the mixed row: it is three additions a vector.
 */
final class RowMixer {
    private static final int LANES = RowEmitter.LANES;

    /** Results that are gathered side by side, so that one operation need not wait for the one before. */
    private static final int CHAINS = 2;

    /** Vectors of a round where rows are not mixed. */
    private static final int UNMIXED = 4;

    /** One vector of mixed columns. */
    @FunctionalInterface
    interface Step {
        /**
         * Emits the work on some columns.
         *
         * @param column the first one
         * @param x the columns; lanes that are none hold zero
         * @param valid how many of the lanes are columns
         * @param gathered what this chain has gathered so far
         * @return what it has gathered now
         */
        List<Value> emit(Value column, Value x, int valid, List<Value> gathered);
    }

    /**
     * The vectors that one turn of the loop takes.
     *
     * @param apart columns from one of them to the next
     * @param stride columns from a turn's first vector to that of the next turn
     * @param end where no turn begins any more
     */
    private record Round(int vectors, int apart, int stride, int end) {
        static Round unmixed(int columns) {
            int stride = UNMIXED * LANES;
            return new Round(UNMIXED, LANES, stride, columns / stride * stride);
        }

        /** What all turns take together. */
        int columns() {
            return end / stride * vectors * LANES;
        }
    }

    private final FunctionEmitter code;
    private final RowEmitter rows;
    private final int columns;
    private final int parts;

    private RowMixer(FunctionEmitter code, RowEmitter rows, int columns, int parts) {
        this.code = code;
        this.rows = rows;
        this.columns = columns;
        this.parts = parts;
    }

    /** Rows are mixed. */
    static RowMixer mixing(FunctionEmitter code, RowEmitter rows, int columns) {
        return new RowMixer(code, rows, columns, new Rotation(columns).parts());
    }

    /** Rows stay as they are. */
    static RowMixer unmixed(FunctionEmitter code, RowEmitter rows, int columns) {
        return new RowMixer(code, rows, columns, 1);
    }

    /**
     * Walks over all columns.
     *
     * @param combine for each thing that is gathered, what makes one of two; zero changes nothing
     * @return each as one number
     */
    List<Value> gather(Value input, List<BinaryOperator<Value>> combine, Step step) {
        int kinds = combine.size();
        Round round = parts == 1 ? Round.unmixed(columns) : new Round(parts, columns / parts, LANES, columns / parts);
        List<Value> chains = Collections.nCopies(CHAINS * kinds, Value.zero(rows.vector()));
        if (round.end() > 0) {
            chains = code.loop(
                    Value.of(0),
                    Value.of(round.end()),
                    round.stride(),
                    chains,
                    (first, carried) -> emit(input, columnsFrom(first, round), step, carried));
        }
        for (int column = round.columns(); column < columns; column += LANES) {
            int valid = Math.min(LANES, columns - column);
            Value x = rows.load(input, Value.of(column), valid);
            List<Value> next = step.emit(Value.of(column), x, valid, chains.subList(0, kinds));
            chains = joined(next, chains.subList(kinds, chains.size()));
        }
        List<Value> results = new ArrayList<>();
        for (int kind = 0; kind < kinds; kind++) {
            Value both = combine.get(kind).apply(chains.get(kind), chains.get(kinds + kind));
            results.add(code.reduce(both, combine.get(kind)));
        }
        return results;
    }

    private List<Value> columnsFrom(Value first, Round round) {
        List<Value> places = new ArrayList<>();
        for (int index = 0; index < round.vectors(); index++) {
            places.add(index == 0 ? first : code.add(first, Value.of((long) index * round.apart())));
        }
        return places;
    }

    private List<Value> emit(Value input, List<Value> places, Step step, List<Value> carried) {
        List<Value> vectors = new ArrayList<>();
        places.forEach(place -> vectors.add(rows.load(input, place, LANES)));
        mix(vectors);
        List<Value> chains = carried;
        int kinds = carried.size() / CHAINS;
        for (int index = 0; index < vectors.size(); index++) {
            List<Value> next = step.emit(places.get(index), vectors.get(index), LANES, chains.subList(0, kinds));
            // The chain that was fed goes to the end, so that the other one is fed next.
            chains = joined(chains.subList(kinds, chains.size()), next);
        }
        return chains;
    }

    private static List<Value> joined(List<Value> first, List<Value> second) {
        List<Value> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** As {@link Rotation#apply}, with a vector of each part. */
    private void mix(List<Value> vectors) {
        for (int half = parts / 2; half >= 1; half /= 2) {
            for (int part = 0; part < parts; part++) {
                if ((part & half) == 0) {
                    Value first = vectors.get(part);
                    Value second = vectors.get(part + half);
                    vectors.set(part, code.binary("fadd", first, second));
                    vectors.set(part + half, code.binary("fsub", first, second));
                }
            }
        }
    }
}
