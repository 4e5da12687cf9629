package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Questions that patterns ask of a model; where the answer is not the one asked for, a {@link Mismatch} says so. */
final class Look {
    private final EditableModel model;
    private final Values values;

    Look(EditableModel model, Values values) {
        this.model = model;
        this.values = values;
    }

    EditableModel model() {
        return model;
    }

    Values values() {
        return values;
    }

    Optional<EditableNode> maker(String value) {
        return model.producer(value);
    }

    /** The node that makes a value, of one of the operators. */
    EditableNode maker(String value, String... operators) {
        EditableNode node = model.producer(value)
                .orElseThrow(() -> new Mismatch(value + " is made by no node, " + wanted(operators)));
        Mismatch.unless(isOneOf(node, operators), value + " is made by " + node + ", " + wanted(operators));
        return node;
    }

    /** The node that makes a value that nobody else reads. */
    EditableNode onlyMaker(String value, String... operators) {
        EditableNode node = maker(value, operators);
        requireReadOnce(value);
        return node;
    }

    /** The only node that reads a value, of one of the operators. */
    EditableNode onlyReader(String value, String... operators) {
        requireReadOnce(value);
        EditableNode reader = model.readers(value).getFirst();
        Mismatch.unless(isOneOf(reader, operators), value + " is read by " + reader + ", " + wanted(operators));
        return reader;
    }

    private static String wanted(String... operators) {
        return "where " + String.join(" or ", operators) + " belongs";
    }

    static boolean isOneOf(EditableNode node, String... operators) {
        return Arrays.asList(operators).contains(node.qualifiedOperator());
    }

    void requireReadOnce(String value) {
        Mismatch.unless(!model.isOutput(value), value + " is an output of the model");
        int readers = model.readers(value).size();
        Mismatch.unless(readers == 1, value + " is read by " + readers + " nodes, where one belongs");
    }

    boolean isConstant(String value) {
        return model.constant(value).isPresent();
    }

    /** The number that a constant of one element holds. */
    OptionalDouble number(String value) {
        return model.constant(value)
                .filter(tensor -> tensor.elementCount() == 1)
                .map(tensor -> OptionalDouble.of(tensor.getDouble(new long[tensor.rank()])))
                .orElse(OptionalDouble.empty());
    }

    /** Whether an operand is a number that does not widen what it is combined with. */
    boolean isPlainNumber(String value, String beside) {
        Optional<Tensor> constant = model.constant(value).filter(tensor -> tensor.elementCount() == 1);
        return constant.isPresent()
                && (constant.get().rank() == 0
                        || values.shape(beside)
                                .filter(shape -> shape.size() >= constant.get().rank())
                                .isPresent());
    }

    /** The other operand of a node with two. */
    static String beside(EditableNode node, String operand) {
        return node.input(0).equals(operand) ? node.input(1) : node.input(0);
    }

    List<Amount> shape(String value) {
        return values.shape(value).orElseThrow(() -> new Mismatch("the shape of " + value + " is not known"));
    }

    /** The extent of a value's last axis. */
    Amount width(String value) {
        List<Amount> shape = shape(value);
        Mismatch.unless(!shape.isEmpty(), value + " is a scalar");
        return shape.getLast();
    }

    /** The index of a constant list of as many elements as the other operand's last axis has. */
    int vectorOperand(EditableNode node) {
        for (int index = 0; index < 2; index++) {
            Optional<Tensor> constant = model.constant(node.input(index));
            if (constant.isPresent() && constant.get().rank() == 1) {
                Amount last = width(node.input(1 - index));
                Mismatch.unless(
                        last.is(constant.get().elementCount()),
                        node.input(index) + " has " + constant.get().elementCount() + " elements beside rows of "
                                + last);
                return index;
            }
        }
        throw new Mismatch("no operand of " + node + " is a constant of rank 1");
    }

    /** Puts a node in the place of one whose only result it makes under the same name. */
    EditableNode instead(EditableNode old, String operator, List<String> inputs) {
        return instead(old, operator, inputs, List.of(old.output()));
    }

    EditableNode instead(EditableNode old, String operator, List<String> inputs, List<String> outputs) {
        model.remove(old);
        String simple = operator.substring(operator.lastIndexOf('.') + 1);
        return model.add(simple, operator, inputs, outputs);
    }
}
