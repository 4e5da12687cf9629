package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Nibbles;
import dev.hone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Type inference of the fused operators, most of which fix the rank of their operands. */
final class FusedTypeInference {
    private FusedTypeInference() {}

    static ValueType outputOf(Op.Fused op, Operands in) {
        return switch (op) {
            case Op.Embedding _ -> embedding(in);
            case Op.Linear _ -> linear(in.count(3));
            case Op.QuantizedLinear _ -> quantizedLinear(in.count(4));
            case Op.GroupedLinear _ -> groupedLinear(in.count(4));
            case Op.Attention attention -> attention(attention, in.count(2));
            case Op.FirstToken _ -> perSequence(in.count(1));
            case Op.Pool _ -> perSequence(mask(in.count(2), 1));
            case Op.Column column -> column(column, in.count(1));
        };
    }

    private static ValueType embedding(Operands in) {
        boolean typed = in.size() == 7;
        in.count(typed ? 7 : 5).integers(0).rank(0, 2, 2);
        if (typed) {
            in.integers(1).same(0, 1);
        }
        int firstTable = typed ? 2 : 1;
        int gamma = in.size() - 2;
        for (int table = firstTable; table < gamma; table++) {
            in.floats(table).rank(table, 2, 2);
            in.require(
                    in.shape(table).last().equals(in.shape(firstTable).last()),
                    "tables differ in width: ",
                    in.values());
        }
        Shape row = Shape.of(in.shape(firstTable).last());
        in.expect(gamma, row).expect(gamma + 1, row);
        return new ValueType(DType.F32, append(in.shape(0), row.last()));
    }

    private static ValueType linear(Operands in) {
        Shape result = product(in.floats(0).floats(1).floats(2));
        in.expect(2, Shape.of(in.shape(1).dim(0)));
        return in.type(0, result);
    }

    private static Shape product(Operands in) {
        in.rank(0, 1, Integer.MAX_VALUE).rank(1, 2, 2);
        Dim depth = in.shape(0).last();
        in.require(in.shape(1).last().equals(depth), "weight ", in.value(1), " does not take rows of ", depth);
        return in.shape(0).with(-1, in.shape(1).dim(0));
    }

    private static ValueType quantizedLinear(Operands in) {
        Shape result = product(
                in.typed(0, DType.F32).typed(1, DType.I8).typed(2, DType.F32).typed(3, DType.F32));
        Dim depth = in.shape(0).last();
        in.require(
                depth.isFixed() && depth.value() <= Op.QuantizedLinear.LARGEST_DEPTH,
                "rows of ",
                depth,
                " numbers; at most ",
                Op.QuantizedLinear.LARGEST_DEPTH,
                " add up in 32 bits");
        Shape columns = Shape.of(in.shape(1).dim(0));
        in.expect(2, columns).expect(3, columns);
        return in.type(0, result);
    }

    private static ValueType groupedLinear(Operands in) {
        Shape result = product(
                in.typed(0, DType.F32).typed(1, DType.I8).typed(2, DType.BF16).typed(3, DType.F32));
        Dim depth = in.shape(0).last();
        Dim columns = in.shape(1).dim(0);
        in.require(depth.isFixed() && depth.value() <= Integer.MAX_VALUE, "rows of ", depth, " numbers");
        int groups = Nibbles.groups(Math.toIntExact(depth.value()));
        in.expect(2, new Shape(List.of(columns, Dim.of(groups)))).expect(3, Shape.of(columns));
        return in.type(0, result);
    }

    private static ValueType attention(Op.Attention op, Operands in) {
        in.require(op.heads() > 0 && op.headSize() > 0, "heads and head size are at least 1");
        Dim width = Dim.of(Math.multiplyExact((long) op.heads(), op.headSize()));
        in.floats(0).rank(0, 3, 3);
        in.require(in.shape(0).last().equals(width.times(Dim.of(3))), in.value(0), " is not three times ", width);
        mask(in, 1);
        return in.type(0, in.shape(0).with(-1, width));
    }

    private static Operands mask(Operands in, int index) {
        return in.integers(index)
                .rank(0, 3, 3)
                .expect(index, Shape.of(in.shape(0).dim(0), in.shape(0).dim(1)));
    }

    private static ValueType perSequence(Operands in) {
        in.rank(0, 3, 3);
        return in.type(0, Shape.of(in.shape(0).dim(0), in.shape(0).dim(2)));
    }

    private static ValueType column(Op.Column op, Operands in) {
        in.rank(0, 3, 3);
        Dim width = in.shape(0).last();
        in.require(width.isFixed() && op.index() >= 0 && op.index() < width.value(), "no column ", op.index());
        return in.type(0, Shape.of(in.shape(0).dim(0), in.shape(0).dim(1)));
    }

    private static Shape append(Shape shape, Dim dim) {
        List<Dim> dims = new ArrayList<>(shape.dims());
        dims.add(dim);
        return new Shape(dims);
    }
}
