package dev.hone.graph;

import dev.hone.HoneException;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The operands of one operator, with checks that name the operator when they fail.
 *
 * <p>Every opening of a model passes through them, so what they say is put together only when one fails.
 */
record Operands(Op operator, List<Value> values) {
    int size() {
        return values.size();
    }

    Value value(int index) {
        return values.get(index);
    }

    Shape shape(int index) {
        return values.get(index).shape();
    }

    ValueType type(int index, Shape shape) {
        return new ValueType(values.get(index).type(), shape);
    }

    Shape vector(Dim extent) {
        return Shape.of(extent);
    }

    Operands count(int expected) {
        return require(values.size() == expected, "takes ", expected, " operands, not ", values.size());
    }

    Operands floats(int index) {
        return require(value(index).type().isFloat(), "operand ", index, " is no float: ", value(index));
    }

    Operands typed(int index, DType type) {
        return require(value(index).type() == type, "operand ", index, " is not ", type.text(), ": ", value(index));
    }

    Operands integers(int index) {
        return require(!value(index).type().isFloat(), "operand ", index, " is no integer: ", value(index));
    }

    Operands rank(int index, int least, int most) {
        int rank = shape(index).rank();
        return require(rank >= least && rank <= most, "operand ", index, " has the wrong rank: ", value(index));
    }

    Operands axis(int index, int axis) {
        return require(axis >= 0 && axis < shape(index).rank(), "there is no axis ", axis, " in ", value(index));
    }

    Shape withAxis(int index, int axis) {
        return axis(index, axis).shape(index);
    }

    Operands expect(int index, Shape shape) {
        return require(shape(index).equals(shape), "operand ", index, " is ", value(index), ", expected ", shape);
    }

    Operands same(int first, int second) {
        return require(
                value(first).valueType().equals(value(second).valueType()),
                "operands differ: ",
                value(first),
                " and ",
                value(second));
    }

    Shape broadcast(Shape first, Shape second) {
        int rank = Math.max(first.rank(), second.rank());
        List<Dim> dims = new ArrayList<>();
        for (int axis = rank; axis >= 1; axis--) {
            Dim left = axis <= first.rank() ? first.dim(-axis) : Dim.of(1);
            Dim right = axis <= second.rank() ? second.dim(-axis) : Dim.of(1);
            require(left.equals(right) || left.is(1) || right.is(1), first, " and ", second, " do not broadcast");
            dims.add(left.is(1) ? right : left);
        }
        return new Shape(dims);
    }

    /** @param complaint the parts of what is said otherwise */
    Operands require(boolean condition, Object... complaint) {
        if (!condition) {
            StringBuilder words = new StringBuilder(OpText.name(operator)).append(": ");
            for (Object part : complaint) {
                words.append(part);
            }
            throw new HoneException(HoneException.Category.CHECKPOINT, words.toString());
        }
        return this;
    }
}
