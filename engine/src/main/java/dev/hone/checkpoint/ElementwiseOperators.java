package dev.hone.checkpoint;

import dev.hone.graph.Activation;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translation of ONNX operators that work element by element. */
final class ElementwiseOperators {
    private ElementwiseOperators() {}

    static void register(Map<String, OnnxOperator> table) {
        registerOfTwo(table);
        registerOfOne(table);
        table.put("Pow", ElementwiseOperators::power);
        table.put("Gelu", ElementwiseOperators::gelu);
        table.put("Clip", ElementwiseOperators::clip);
        table.put("Where", ElementwiseOperators::where);
        table.put("Cast", ElementwiseOperators::cast);
        table.put("Identity", node -> node.define(node.operand(0)));
        table.put("Dropout", ElementwiseOperators::dropout);
    }

    private static void registerOfTwo(Map<String, OnnxOperator> table) {
        table.put("Add", node -> binary(node, Op.BinaryFunction.ADD));
        table.put("Sub", node -> binary(node, Op.BinaryFunction.SUBTRACT));
        table.put("Mul", node -> binary(node, Op.BinaryFunction.MULTIPLY));
        table.put("Div", node -> binary(node, Op.BinaryFunction.DIVIDE));
        table.put("Max", node -> chain(node, Op.BinaryFunction.MAXIMUM));
        table.put("Min", node -> chain(node, Op.BinaryFunction.MINIMUM));
        table.put("Equal", node -> binary(node, Op.BinaryFunction.EQUAL));
        table.put("Less", node -> binary(node, Op.BinaryFunction.LESS));
        table.put("Greater", node -> binary(node, Op.BinaryFunction.GREATER));
        table.put("LessOrEqual", node -> binary(node, Op.BinaryFunction.LESS_OR_EQUAL));
        table.put("GreaterOrEqual", node -> binary(node, Op.BinaryFunction.GREATER_OR_EQUAL));
        table.put("And", node -> binary(node, Op.BinaryFunction.AND));
        table.put("Or", node -> binary(node, Op.BinaryFunction.OR));
    }

    private static void registerOfOne(Map<String, OnnxOperator> table) {
        table.put("Neg", node -> unary(node, Op.UnaryFunction.NEGATE));
        table.put("Abs", node -> unary(node, Op.UnaryFunction.ABSOLUTE));
        table.put("Sqrt", node -> unary(node, Op.UnaryFunction.SQUARE_ROOT));
        table.put("Reciprocal", node -> unary(node, Op.UnaryFunction.RECIPROCAL));
        table.put("Exp", node -> unary(node, Op.UnaryFunction.EXP));
        table.put("Log", node -> unary(node, Op.UnaryFunction.LOG));
        table.put("Erf", node -> unary(node, Op.UnaryFunction.ERF));
        table.put("Tanh", node -> unary(node, Op.UnaryFunction.TANH));
        table.put("Sigmoid", node -> unary(node, Op.UnaryFunction.SIGMOID));
        table.put("Not", node -> unary(node, Op.UnaryFunction.NOT));
        table.put("IsNaN", node -> unary(node, Op.UnaryFunction.IS_NAN));
        table.put("Relu", node -> node.emit(new Op.Activate(Activation.RELU), node.value(0)));
    }

    private static void binary(OnnxNode node, Op.BinaryFunction function) {
        node.require(node.inputCount() == 2, "it takes 2 operands, not " + node.inputCount());
        Op op = new Op.Binary(function);
        Optional<Operand> folded = fold(node, op, function);
        if (folded.isPresent()) {
            node.define(folded.get());
        } else {
            node.emit(op, node.value(0), node.value(1));
        }
    }

    private static Optional<Operand> fold(OnnxNode node, Op op, Op.BinaryFunction function) {
        Operand first = node.operand(0);
        Operand second = node.operand(1);
        Optional<Operand.Integers> firstIntegers = Operand.integers(first);
        Optional<Operand.Integers> secondIntegers = Operand.integers(second);
        boolean integers = firstIntegers.isPresent() && secondIntegers.isPresent();
        boolean floats = FloatFolding.folds(first) && FloatFolding.folds(second);
        if (!integers && !floats) {
            return Optional.empty();
        }
        Shape shape = node.shapeOf(op, first, second);
        if (!Operand.isFew(shape.elementCount())) {
            return Optional.empty();
        }
        return integers
                ? Optional.of(IntegerFolding.binary(
                        node, function, firstIntegers.orElseThrow(), secondIntegers.orElseThrow(), shape))
                : FloatFolding.binary(function, constant(first), constant(second), shape)
                        .map(Operand.Constant::new);
    }

    private static Tensor constant(Operand operand) {
        if (operand instanceof Operand.Constant(Tensor tensor)) {
            return tensor;
        }
        throw new IllegalStateException(operand + " is no constant");
    }

    /** ONNX lets the exponent have another element type than the base. */
    private static void power(OnnxNode node) {
        Operand base = node.operand(0);
        Operand exponent = node.operand(1);
        if (base.type() == exponent.type()) {
            binary(node, Op.BinaryFunction.POWER);
            return;
        }
        node.require(base.type() == DType.F32, "an integer base with a float exponent");
        Optional<List<Long>> numbers = Operand.integers(exponent).flatMap(Operand.Integers::numbers);
        Value converted = numbers.isPresent()
                ? node.constant("exponent", SmallFloats.of(exponent.shape(), numbers.get()))
                : node.step("exponent", new Op.Cast(DType.F32), node.value(1));
        node.emit(new Op.Binary(Op.BinaryFunction.POWER), node.value(0), converted);
    }

    /** Functions of any number of operands, taken two at a time. */
    private static void chain(OnnxNode node, Op.BinaryFunction function) {
        node.require(node.inputCount() >= 1, "it has no operands");
        if (node.inputCount() == 1) {
            node.define(node.operand(0));
            return;
        }
        if (node.inputCount() == 2) {
            binary(node, function);
            return;
        }
        Op op = new Op.Binary(function);
        Value soFar = node.value(0);
        for (int index = 1; index < node.inputCount() - 1; index++) {
            soFar = node.step("part", op, soFar, node.value(index));
        }
        node.emit(op, soFar, node.value(node.inputCount() - 1));
    }

    private static void unary(OnnxNode node, Op.UnaryFunction function) {
        Operand operand = node.operand(0);
        Optional<Operand.Integers> integers = Operand.integers(operand);
        Optional<? extends Operand> folded = Optional.empty();
        if (integers.isPresent()) {
            folded = IntegerFolding.unary(node, function, integers.get());
        } else if (FloatFolding.folds(operand)) {
            folded = FloatFolding.unary(function, constant(operand)).map(Operand.Constant::new);
        }
        if (folded.isPresent()) {
            node.define(folded.get());
        } else {
            node.emit(new Op.Unary(function), node.value(0));
        }
    }

    private static void gelu(OnnxNode node) {
        String approximation = node.textAttribute("approximate", "none");
        Activation activation = switch (approximation) {
            case "none" -> Activation.GELU;
            case "tanh" -> Activation.GELU_TANH;
            default -> throw node.unsupported("the approximation " + approximation + " of Gelu");
        };
        node.emit(new Op.Activate(activation), node.value(0));
    }

    private static void clip(OnnxNode node) {
        Op lowest = new Op.Binary(Op.BinaryFunction.MAXIMUM);
        Op highest = new Op.Binary(Op.BinaryFunction.MINIMUM);
        boolean hasLowest = node.hasInput(1);
        boolean hasHighest = node.hasInput(2);
        if (hasLowest && hasHighest) {
            node.emit(highest, node.step("low", lowest, node.value(0), node.value(1)), node.value(2));
        } else if (hasLowest) {
            node.emit(lowest, node.value(0), node.value(1));
        } else if (hasHighest) {
            node.emit(highest, node.value(0), node.value(2));
        } else {
            node.define(node.operand(0));
        }
    }

    private static void where(OnnxNode node) {
        Op op = new Op.Where();
        boolean known = true;
        for (int index = 0; index < 3; index++) {
            known &= Operand.integers(node.operand(index)).isPresent();
        }
        Shape shape = node.shapeOf(op, node.operand(0), node.operand(1), node.operand(2));
        if (known && Operand.isFew(shape.elementCount())) {
            node.define(IntegerFolding.where(node, shape));
        } else {
            node.require(
                    node.operand(1).type() == node.operand(2).type(),
                    "the choices differ in type: " + node.operand(1).type() + " and "
                            + node.operand(2).type());
            node.emit(op, node.value(0), node.value(1), node.value(2));
        }
    }

    private static void cast(OnnxNode node) {
        DType requested = node.elementType(node.integerAttribute("to", 0));
        DType type = OnnxTranslation.normalized(requested);
        if (type != requested && requested.isFloat()) {
            node.note("arithmetic in " + requested.text() + " is done in " + type.text());
        }
        Operand operand = node.operand(0);
        if (operand.type() == type) {
            node.define(operand);
            return;
        }
        Optional<Operand> folded = SmallFloats.cast(node, operand, type);
        if (folded.isPresent()) {
            node.define(folded.get());
        } else {
            node.emit(new Op.Cast(type), node.value(0));
        }
    }

    private static void dropout(OnnxNode node) {
        double rate = node.floatAttribute("ratio", 0.5);
        if (node.hasInput(2)) {
            node.require(node.number(2) == 0, "dropout in training mode");
        }
        if (node.hasInput(1)) {
            node.require(
                    FloatFolding.folds(node.operand(1))
                            && node.operand(1).shape().rank() == 0,
                    "the ratio of a dropout is no constant number");
            rate = constant(node.operand(1)).getDouble();
        }
        node.emit(new Op.Dropout(rate), node.value(0));
    }
}
