package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.RowRange;
import dev.hone.tensor.Shape;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Names and attributes of operators as text, for example {@code transpose{permutation=0 2 1 3}}.
 *
 * <p>Read off the operator records, so a new operator prints and parses without a line here.
 */
public final class OpText {
    private static final Map<String, Class<? extends Record>> BY_NAME = operatorRecords(Op.class)
            .collect(Collectors.toMap(OpText::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));

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
        int brace = text.indexOf('{');
        String opName = brace < 0 ? text : text.substring(0, brace);
        Class<? extends Record> type = BY_NAME.get(opName);
        if (type == null || (brace >= 0 && !text.endsWith("}"))) {
            throw new IllegalArgumentException("not an operator: " + text + "; known are " + BY_NAME.keySet());
        }
        Map<String, String> attributes = attributes(brace < 0 ? "" : text.substring(brace + 1, text.length() - 1));
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int index = 0; index < values.length; index++) {
            String attribute = attributes.get(components[index].getName());
            if (attribute == null && components[index].getType() == RowRange.class) {
                // Only fixed ranges need be written.
                attribute = RowRange.OWN.toString();
            }
            if (attribute == null) {
                throw new IllegalArgumentException(opName + " lacks the attribute " + components[index].getName());
            }
            values[index] = value(components[index], attribute);
        }
        return (Op) instantiate(type, values);
    }

    private static Map<String, String> attributes(String text) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String attribute : text.split(";", -1)) {
            int equals = attribute.indexOf('=');
            if (equals > 0) {
                attributes.put(
                        attribute.substring(0, equals).strip(),
                        attribute.substring(equals + 1).strip());
            }
        }
        return attributes;
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

    private static Object value(RecordComponent component, String text) {
        Class<?> type = component.getType();
        if (type == int.class) {
            return Integer.parseInt(text);
        } else if (type == double.class) {
            return Double.parseDouble(text);
        } else if (type == boolean.class) {
            return Boolean.parseBoolean(text);
        } else if (type == Dim.class) {
            return Dim.parse(text);
        } else if (type == Shape.class) {
            return Shape.parse(text);
        } else if (type == List.class) {
            return integers(text);
        } else if (type == RowRange.class) {
            return RowRange.parse(text);
        } else if (type == PositionScheme.class) {
            List<Integer> numbers = integers(text);
            return new PositionScheme(numbers.get(0), numbers.get(1));
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> format(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(component.getName() + " cannot be " + text));
    }

    private static List<Integer> integers(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" ", -1)).map(Integer::valueOf).toList();
    }

    private static java.util.stream.Stream<Class<? extends Record>> operatorRecords(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(type -> type.isRecord()
                        ? java.util.stream.Stream.of(type.asSubclass(Record.class))
                        : operatorRecords(type));
    }

    private static Object read(RecordComponent component, Op op) {
        try {
            return component.getAccessor().invoke(op);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("operator records are public", impossible);
        }
    }

    private static Object instantiate(Class<? extends Record> type, Object[] values) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalArgumentException(
                    "attributes " + Arrays.toString(values) + " do not fit " + name(type), failure);
        }
    }

    private static String name(Class<?> type) {
        String simple = type.getSimpleName();
        return Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String camel(Enum<?> constant) {
        StringBuilder text = new StringBuilder();
        for (String word : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
            text.append(text.isEmpty() ? word : capital(word));
        }
        return text.toString();
    }
}
