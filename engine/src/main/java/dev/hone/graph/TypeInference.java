package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Which type and shape an operator gives for operands; refuses operands that do not fit. */
public final class TypeInference {
    private TypeInference() {}

    /** @throws dev.hone.HoneException of category CHECKPOINT when the operands do not fit the operator */
    public static ValueType outputOf(Op op, List<Value> inputs) {
        Operands in = new Operands(op, inputs);
        return switch (op) {
            case Op.Binary binary -> binary(binary.function(), in);
            case Op.Unary unary -> unary(unary.function(), in);
            case Op.Where _ -> in.count(3).type(1, in.broadcast(in.shape(0), in.broadcast(in.shape(1), in.shape(2))));
            case Op.Cast cast -> new ValueType(cast.to(), in.count(1).shape(0));
            case Op.MatMul _ -> ShapeRules.matMul(in.count(2));
            case Op.Transpose transpose -> ShapeRules.transpose(transpose, in.count(1));
            case Op.Reshape reshape -> ShapeRules.reshape(reshape, in.count(1));
            case Op.Expand expand -> in.count(1).type(0, in.broadcast(in.shape(0), expand.target()));
            case Op.Gather gather -> ShapeRules.gather(gather, in.count(2));
            case Op.Slice slice -> ShapeRules.slice(slice, in.count(1));
            case Op.Concat concat -> ShapeRules.concat(concat, in);
            case Op.Softmax softmax -> in.count(1).floats(0).type(0, in.withAxis(0, softmax.axis()));
            case Op.Reduce reduce -> ShapeRules.reduce(reduce, in.count(1));
            case Op.CumulativeSum sum -> in.count(1).type(0, in.withAxis(0, sum.axis()));
            case Op.Range range -> new ValueType(DType.I64, in.count(0).vector(range.extent()));
            case Op.Dropout _, Op.Activate _, Op.Normalize _ ->
                in.count(1).floats(0).type(0, in.shape(0));
            case Op.LayerNorm _ -> normalized(in.count(3), 1);
            case Op.ResidualLayerNorm _ -> normalized(in.count(4).same(0, 1), 2);
            case Op.Fused fused -> FusedTypeInference.outputOf(fused, in);
        };
    }

    private static ValueType binary(Op.BinaryFunction function, Operands in) {
        in.count(2)
                .require(
                        in.value(0).type() == in.value(1).type(),
                        "element types differ: ",
                        in.value(0),
                        " and ",
                        in.value(1));
        Shape shape = in.broadcast(in.shape(0), in.shape(1));
        return switch (function) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, MAXIMUM, MINIMUM -> in.type(0, shape);
            case EQUAL, LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL, AND, OR -> new ValueType(DType.BOOL, shape);
        };
    }

    private static ValueType unary(Op.UnaryFunction function, Operands in) {
        return switch (function) {
            case NOT, IS_NAN -> new ValueType(DType.BOOL, in.count(1).shape(0));
            case NEGATE, ABSOLUTE -> in.count(1).type(0, in.shape(0));
            case SQUARE_ROOT, RECIPROCAL, EXP, LOG, ERF, TANH, SIGMOID ->
                in.count(1).floats(0).type(0, in.shape(0));
        };
    }

    private static ValueType normalized(Operands in, int gamma) {
        Shape row =
                in.floats(0).rank(0, 1, Integer.MAX_VALUE).vector(in.shape(0).last());
        in.expect(gamma, row).expect(gamma + 1, row);
        return in.type(0, in.shape(0));
    }

    /** The shape rules of operators that move elements. */
    private static final class ShapeRules {
        private static ValueType matMul(Operands in) {
            in.rank(0, 2, Integer.MAX_VALUE).rank(1, 2, Integer.MAX_VALUE);
            Shape left = in.shape(0);
            Shape right = in.shape(1);
            in.require(left.last().equals(right.dim(-2)), "inner extents differ: ", left, " and ", right);
            Shape leading = in.broadcast(leading(left), leading(right));
            List<Dim> dims = new ArrayList<>(leading.dims());
            dims.add(left.dim(-2));
            dims.add(right.last());
            return in.floats(0).type(0, new Shape(dims));
        }

        private static Shape leading(Shape shape) {
            return new Shape(shape.dims().subList(0, shape.rank() - 2));
        }

        private static ValueType transpose(Op.Transpose op, Operands in) {
            List<Integer> sorted = op.permutation().stream().sorted().toList();
            boolean isPermutation = sorted.size() == in.shape(0).rank();
            for (int axis = 0; isPermutation && axis < sorted.size(); axis++) {
                isPermutation = sorted.get(axis) == axis;
            }
            in.require(isPermutation, "permutation ", op.permutation(), " does not fit ", in.shape(0));
            return in.type(
                    0, new Shape(op.permutation().stream().map(in.shape(0)::dim).toList()));
        }

        private static ValueType reshape(Op.Reshape op, Operands in) {
            in.require(
                    in.shape(0).elementCount().equals(op.target().elementCount()),
                    in.shape(0),
                    " does not have the elements of ",
                    op.target());
            return in.type(0, op.target());
        }

        private static ValueType gather(Op.Gather op, Operands in) {
            in.integers(1).axis(0, op.axis());
            List<Dim> dims = new ArrayList<>(in.shape(0).dims());
            dims.remove(op.axis());
            dims.addAll(op.axis(), in.shape(1).dims());
            return in.type(0, new Shape(dims));
        }

        private static ValueType slice(Op.Slice op, Operands in) {
            Dim extent = in.axis(0, op.axis()).shape(0).dim(op.axis());
            in.require(op.start().isFixed(), "a slice starts at a number, not at ", op.start());
            Dim length;
            if (op.start().is(0)) {
                length = op.end();
            } else {
                in.require(op.end().isFixed(), "a slice from ", op.start(), " ends at a number, not at ", op.end());
                in.require(op.end().value() >= op.start().value(), "a slice from ", op.start(), " to ", op.end());
                length = Dim.of(op.end().value() - op.start().value());
            }
            boolean inside =
                    !extent.isFixed() || !op.end().isFixed() || op.end().value() <= extent.value();
            in.require(inside, "a slice to ", op.end(), " of an axis of ", extent);
            return in.type(0, in.shape(0).with(op.axis(), length));
        }

        private static ValueType concat(Op.Concat op, Operands in) {
            in.require(in.size() > 0, "nothing to concatenate");
            Dim total = in.axis(0, op.axis()).shape(0).dim(op.axis());
            for (int index = 1; index < in.size(); index++) {
                boolean fits = in.shape(index).rank() == in.shape(0).rank()
                        && in.value(index).type() == in.value(0).type()
                        && in.shape(index)
                                .with(op.axis(), Dim.of(1))
                                .equals(in.shape(0).with(op.axis(), Dim.of(1)));
                in.require(fits, in.value(index), " does not join ", in.value(0), " along axis ", op.axis());
                total = sum(total, in.shape(index).dim(op.axis()), in);
            }
            return in.type(0, in.shape(0).with(op.axis(), total));
        }

        private static Dim sum(Dim first, Dim second, Operands in) {
            in.require(first.symbols().equals(second.symbols()), first, " + ", second, " is not one extent");
            return new Dim(Math.addExact(first.factor(), second.factor()), first.symbols());
        }

        private static ValueType reduce(Op.Reduce op, Operands in) {
            List<Dim> dims = new ArrayList<>();
            op.axes().forEach(axis -> in.axis(0, axis));
            for (int axis = 0; axis < in.shape(0).rank(); axis++) {
                if (!op.axes().contains(axis)) {
                    dims.add(in.shape(0).dim(axis));
                } else if (op.keepAxes()) {
                    dims.add(Dim.of(1));
                }
            }
            return in.type(0, new Shape(dims));
        }
    }
}
