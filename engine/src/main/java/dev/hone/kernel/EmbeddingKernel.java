package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.List;
import java.util.Locale;

/**
 * C = LayerNorm(word[id] + type[t] + position[p]) for each row.
 *
 * <p>Arguments, strides in elements: {@code (ids, types, positions, word, strideWord, type, strideType, position,
 * stridePosition, γ, β, C, strideC, firstRow, endRow, ε)}; ids, types and positions are 32-bit integers, one a row,
 * and must
 * be inside their tables: the kernel does not check. Without types their pointers are not read.
 *
 * @param isa the instruction set
 * @param columns values in a row
 * @param wordType the element type of the word table; the other tables are f32
 * @param types whether there is a table of token types
 */
public record EmbeddingKernel(Isa isa, int columns, WordType wordType, boolean types) implements Kernel {
    /** Element types of the word table. */
    public enum WordType {
        F32,
        F16,
        BF16
    }

    @Override
    public String line() {
        return "embedding isa=" + isa.label() + " columns=" + columns + " words="
                + wordType.name().toLowerCase(Locale.ROOT) + " types=" + types;
    }

    @Override
    public void emit(ModuleEmitter module) {
        Table words = new Table("word");
        Table segments = new Table("type");
        Table places = new Table("position");
        RowEmitter.Scaling scaling =
                new RowEmitter.Scaling(Value.pointer("gamma"), Value.pointer("beta"), Value.real("epsilon"));
        Value c = Value.pointer("c");
        Value strideC = Value.number("strideC");
        Value firstRow = Value.number("firstRow");
        Value endRow = Value.number("endRow");
        FunctionEmitter code = new FunctionEmitter(
                module,
                symbol(),
                List.of(
                        words.indices,
                        segments.indices,
                        places.indices,
                        words.values,
                        words.stride,
                        segments.values,
                        segments.stride,
                        places.values,
                        places.stride,
                        scaling.gamma(),
                        scaling.beta(),
                        c,
                        strideC,
                        firstRow,
                        endRow,
                        scaling.epsilon()));
        RowEmitter rows = new RowEmitter(code, columns);
        code.loop(firstRow, endRow, 1, row -> {
            Value word = words.row(code, row, wordType == WordType.F32 ? Float.BYTES : Short.BYTES);
            Value segment = types ? segments.row(code, row, Float.BYTES) : words.values;
            Value place = places.row(code, row, Float.BYTES);
            Value output = code.element(c, code.multiply(row, strideC));
            Value sum = rows.sum((column, valid, total) -> {
                Value x = loadWord(code, rows, word, column, valid);
                if (types) {
                    x = code.binary("fadd", x, rows.load(segment, column, valid));
                }
                x = code.binary("fadd", x, rows.load(place, column, valid));
                rows.store(x, output, column, valid);
                return code.binary("fadd", total, x);
            });
            rows.normalize(output, sum, scaling, output);
        });
        code.end();
    }

    private Value loadWord(FunctionEmitter code, RowEmitter rows, Value word, Value column, int valid) {
        if (wordType == WordType.F32) {
            return rows.load(word, column, valid);
        }
        Type halves = Type.SHORT.vector(rows.vector().lanes());
        Value bits = code.loadFirst(halves, code.offset(word, code.multiply(column, Short.BYTES)), valid);
        ShortFloats floats = new ShortFloats(code);
        return wordType == WordType.BF16 ? floats.fromBfloat(bits) : floats.fromHalf(bits);
    }

    /** Parameters of one table: which of its rows, its values, and elements from row to row. */
    private record Table(Value indices, Value values, Value stride) {
        Table(String name) {
            this(Value.pointer(name + "Indices"), Value.pointer(name + "Table"), Value.number(name + "Stride"));
        }

        Value row(FunctionEmitter code, Value row, int elementBytes) {
            Value index = code.convert("sext", code.load(Type.INT, code.element(indices, row)), Type.LONG);
            return code.offset(values, code.multiply(code.multiply(index, stride), elementBytes));
        }
    }
}
