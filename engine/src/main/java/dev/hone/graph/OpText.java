package dev.hone.graph;

import dev.hone.tensor.DType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Names and attributes of operators as text, for example {@code transpose{permutation=0 2 1 3}}.
 *
 * <p>Printed as the operator records say, so a new operator prints without a line here; {@link OpParser} needs one.
 */
public final class OpText {
    private OpText() {}

    /** The operator's name; elementwise operators and reductions go by their function. */
    public static String name(Op op) {
        return switch (op) {
            case Op.Binary binary -> camel(binary.function());
            case Op.Unary unary -> camel(unary.function());
            case Op.Reduce reduce -> "reduce" + capital(camel(reduce.function()));
            default -> name(op.getClass());
        };
    }

    /** The operator with its attributes, in a form that {@link #parse} reads. */
    public static String print(Op op) {
        String attributes = Arrays.stream(op.getClass().getRecordComponents())
                .map(component -> component.getName() + "=" + format(read(component, op)))
                .collect(Collectors.joining("; "));
        return name(op.getClass()) + (attributes.isEmpty() ? "" : "{" + attributes + "}");
    }

    /** @throws IllegalArgumentException for text that is no operator */
    public static Op parse(String text) {
        return OpParser.parse(text);
    }

    private static String format(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(" "));
            case DType type -> type.text();
            case Enum<?> constant -> camel(constant);
            case PositionScheme scheme -> scheme.offset() + " " + scheme.skippedId();
            default -> value.toString();
        };
    }

    private static Object read(RecordComponent component, Op op) {
        try {
            return component.getAccessor().invoke(op);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("operator records are public", impossible);
        }
    }

    private static String name(Class<?> type) {
        String simple = type.getSimpleName();
        return Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** The name of a constant as {@code lessOrEqual}. */
    static String camel(Enum<?> constant) {
        String words = constant.name();
        StringBuilder text = new StringBuilder(words.length());
        for (int index = 0; index < words.length(); index++) {
            char letter = words.charAt(index);
            boolean begins = index > 0 && words.charAt(index - 1) == '_';
            if (letter != '_') {
                text.append(begins ? letter : Character.toLowerCase(letter));
            }
        }
        return text.toString();
    }
}
