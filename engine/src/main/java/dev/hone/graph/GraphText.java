package dev.hone.graph;

import dev.hone.HoneException;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a graph, one statement a line.
 *
 * <pre>
 * graph example
 * input %x: f32[batch, sequence, 2]
 * constant %b: f32[2] = {1.0 2.0}
 * constant %w: f32[384, 384] = external
 * %y: f32[batch, sequence, 2] = binary{function=add}(%x, %b)
 * output logits = %y
 * </pre>
 *
 * <p>Constants of up to 16 elements are written out, larger ones are {@code external}: the reader is told where to find
 * them. Names hold no white space, comma, colon or parenthesis; others are written with a percent escape.
 */
public final class GraphText {
    private static final int INLINE_ELEMENTS = 16;

    private GraphText() {}

    /** Finds tensors that a text declares but does not write out. */
    @FunctionalInterface
    public interface External {
        /** The tensor of a value; null where there is none. */
        @Nullable
        Tensor find(String name, DType type, Shape shape);
    }

    public static String print(Graph graph) {
        StringBuilder text = new StringBuilder("graph " + escape(graph.name()) + "\n");
        graph.inputs()
                .forEach(input -> text.append("input ").append(typed(input)).append('\n'));
        graph.constants()
                .forEach((name, tensor) -> text.append("constant ")
                        .append(typed(new Value(name, tensor.type(), tensor.shape())))
                        .append(" = ")
                        .append(content(tensor))
                        .append('\n'));
        for (Node node : graph.nodes()) {
            String operands = node.inputs().stream()
                    .map(value -> "%" + escape(value.name()))
                    .collect(Collectors.joining(", "));
            text.append(typed(node.output()))
                    .append(" = ")
                    .append(OpText.print(node.op()))
                    .append('(')
                    .append(operands)
                    .append(")\n");
        }
        graph.outputs()
                .forEach((name, value) -> text.append("output ")
                        .append(escape(name))
                        .append(" = %")
                        .append(escape(value.name()))
                        .append('\n'));
        return text.toString();
    }

    /** Reads a graph whose constants are all written out. */
    public static Graph parse(String text) {
        return parse(text, (name, type, shape) -> null);
    }

    /**
     * Reads what {@link #print} writes.
     *
     * @param external finds the tensors of external constants
     * @throws HoneException of category CHECKPOINT that names the line
     */
    public static Graph parse(String text, External external) {
        return new GraphReader(external).read(text);
    }

    private static String typed(Value value) {
        return "%" + escape(value.name()) + ": " + value.valueType();
    }

    private static String content(Tensor tensor) {
        if (tensor.elementCount() > INLINE_ELEMENTS) {
            return "external";
        }
        if (tensor.type().isFloat()) {
            StringBuilder numbers = new StringBuilder();
            for (float number : tensor.toFloatArray()) {
                numbers.append(numbers.isEmpty() ? "" : " ").append(number);
            }
            return "{" + numbers + "}";
        }
        StringBuilder numbers = new StringBuilder();
        for (long number : tensor.toLongArray()) {
            numbers.append(numbers.isEmpty() ? "" : " ").append(number);
        }
        return "{" + numbers + "}";
    }

    private static String escape(String name) {
        StringBuilder escaped = new StringBuilder();
        for (int index = 0; index < name.length(); index++) {
            char character = name.charAt(index);
            boolean plain = character > ' ' && character < 0x7f && ",:()%{}=".indexOf(character) < 0;
            escaped.append(plain ? String.valueOf(character) : String.format("%%%04x", (int) character));
        }
        return escaped.toString();
    }
}
