package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Emits loops over the columns of one row, and normalisation of a row; the number of columns is fixed. */
final class RowEmitter {
    /**
     * Lanes of a row's vectors, also where registers are narrower: the order of sums, and so every bit of them, is then
     * the same on all instruction sets that have fused multiply-add.
     */
    static final int LANES = 16;

    /** Chains that run side by side, so that one addition need not wait for the one before. */
    private static final int CHAINS = 4;

    /** One vector of columns. */
    @FunctionalInterface
    interface Step {
        /**
         * Emits the work on some columns.
         *
         * @param column the first one
         * @param valid how many of the lanes are columns
         * @param accumulator what this chain has gathered so far
         * @return what it has gathered now
         */
        Value emit(Value column, int valid, Value accumulator);
    }

    private final FunctionEmitter code;
    private final Type vector;
    private final int columns;

    RowEmitter(FunctionEmitter code, int columns) {
        this.code = code;
        this.vector = Type.FLOAT.vector(LANES);
        this.columns = columns;
    }

    Type vector() {
        return vector;
    }

    /** Walks over the columns; gives the chains' results, all of which began as {@code start}. */
    List<Value> walk(Value start, Step step) {
        int lanes = vector.lanes();
        int grouped = columns / (CHAINS * lanes) * CHAINS * lanes;
        List<Value> chains = new ArrayList<>();
        for (int chain = 0; chain < CHAINS; chain++) {
            chains.add(start);
        }
        if (grouped > 0) {
            chains = new ArrayList<>(code.loop(
                    Value.of(0), Value.of(grouped), (long) CHAINS * lanes, chains, (first, current) -> {
                        List<Value> next = new ArrayList<>();
                        for (int chain = 0; chain < CHAINS; chain++) {
                            Value column = chain == 0 ? first : code.add(first, Value.of((long) chain * lanes));
                            next.add(step.emit(column, lanes, current.get(chain)));
                        }
                        return next;
                    }));
        }
        for (int column = grouped; column < columns; column += lanes) {
            int chain = (column - grouped) / lanes;
            int valid = Math.min(lanes, columns - column);
            chains.set(chain, step.emit(Value.of(column), valid, chains.get(chain)));
        }
        return chains;
    }

    /** A walk that gathers nothing. */
    void each(BiConsumer<Value, Integer> step) {
        Value nothing = Value.zero(vector);
        walk(nothing, (column, valid, accumulator) -> {
            step.accept(column, valid);
            return nothing;
        });
    }

    /** The sum over all columns of what each step gives. */
    Value sum(Step step) {
        List<Value> chains = walk(Value.zero(vector), step);
        Value left = code.binary("fadd", chains.get(0), chains.get(1));
        Value right = code.binary("fadd", chains.get(2), chains.get(3));
        return code.sumOfLanes(code.binary("fadd", left, right));
    }

    Value load(Value row, Value column, int valid) {
        return code.loadFirst(vector, code.element(row, column), valid);
    }

    void store(Value value, Value row, Value column, int valid) {
        code.storeFirst(value, code.element(row, column), valid);
    }

    Value splat(Value scalar) {
        return code.splat(scalar, vector.lanes());
    }

    /** Lanes that are not columns become zero. */
    Value onlyValid(Value value, int valid) {
        return valid == vector.lanes()
                ? value
                : code.select(FunctionEmitter.firstLanes(vector, valid), value, Value.zero(vector));
    }

    /**
     * output = (input - mean) / √(variance + ε) · γ + β, with the variance around the mean that was found first.
     *
     * @param sum the sum of the input's columns
     * @param scaling γ, β and ε
     */
    void normalize(Value input, Value sum, Scaling scaling, Value output) {
        Value count = Value.of((float) columns);
        Value mean = splat(code.binary("fdiv", sum, count));
        Value squares = sum((column, valid, total) -> {
            Value centred = onlyValid(code.binary("fsub", load(input, column, valid), mean), valid);
            return code.multiplyAdd(centred, centred, total);
        });
        Value variance = code.binary("fdiv", squares, count);
        Value root = code.call(Type.FLOAT, "llvm.sqrt.f32", code.binary("fadd", variance, scaling.epsilon()));
        Value inverse = splat(code.binary("fdiv", Value.of(1f), root));
        each((column, valid) -> {
            Value centred = code.binary("fsub", load(input, column, valid), mean);
            Value scaled = code.binary("fmul", centred, inverse);
            Value gamma = load(scaling.gamma(), column, valid);
            Value beta = load(scaling.beta(), column, valid);
            store(code.multiplyAdd(scaled, gamma, beta), output, column, valid);
        });
    }

    /** The parameters of a normalisation. */
    record Scaling(Value gamma, Value beta, Value epsilon) {}
}
