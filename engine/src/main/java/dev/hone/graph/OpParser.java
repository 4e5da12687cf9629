package dev.hone.graph;

import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.RowRange;
import dev.hone.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an operator with its attributes.
 *
 * <p>Every operator is written out here: reading them off their records, as {@link OpText#print} does, took a third of
 * the time in which a compiled model starts. A test holds the two against each other for each operator that there is.
 */
final class OpParser {
    private final String name;
    private final Map<String, String> attributes;

    private OpParser(String name, Map<String, String> attributes) {
        this.name = name;
        this.attributes = attributes;
    }

    /** @throws IllegalArgumentException for text that is no operator */
    static Op parse(String text) {
        int brace = text.indexOf('{');
        if (brace >= 0 && !text.endsWith("}")) {
            throw new IllegalArgumentException("not an operator: " + text);
        }
        String name = brace < 0 ? text : text.substring(0, brace);
        Map<String, String> attributes =
                brace < 0 ? Map.of() : attributes(text.substring(brace + 1, text.length() - 1));
        try {
            return new OpParser(name, attributes).read();
        } catch (IllegalArgumentException failure) {
            throw new IllegalArgumentException(
                    "attributes " + attributes + " do not fit " + name + ": " + failure.getMessage(), failure);
        }
    }

    private static Map<String, String> attributes(String text) {
        Map<String, String> attributes = new HashMap<>();
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

    private Op read() {
        return switch (name) {
            case "embedding" -> new Op.Embedding(positions(), number("epsilon"));
            case "linear" -> new Op.Linear(activation(), arithmetic());
            case "quantizedLinear" -> new Op.QuantizedLinear(activation(), range());
            case "groupedLinear" -> new Op.GroupedLinear(activation());
            case "attention" -> new Op.Attention(integer("heads"), integer("headSize"), number("scale"), arithmetic());
            case "residualLayerNorm" -> new Op.ResidualLayerNorm(number("epsilon"));
            case "layerNorm" -> new Op.LayerNorm(number("epsilon"));
            case "activate" -> new Op.Activate(activation());
            case "firstToken" -> new Op.FirstToken();
            case "column" -> new Op.Column(integer("index"));
            case "pool" -> new Op.Pool(constant("pooling", Op.Pooling.values()));
            case "normalize" -> new Op.Normalize(number("epsilon"));
            case "dropout" -> new Op.Dropout(number("rate"));
            default -> readSmall();
        };
    }

    /** Operators as they are exported, which a compiled model seldom has. */
    private Op readSmall() {
        return switch (name) {
            case "binary" -> new Op.Binary(constant("function", Op.BinaryFunction.values()));
            case "unary" -> new Op.Unary(constant("function", Op.UnaryFunction.values()));
            case "where" -> new Op.Where();
            case "cast" -> new Op.Cast(constant("to", DType.values()));
            case "matMul" -> new Op.MatMul();
            case "transpose" -> new Op.Transpose(integers("permutation"));
            case "reshape" -> new Op.Reshape(Shape.parse(attribute("target")));
            case "expand" -> new Op.Expand(Shape.parse(attribute("target")));
            case "gather" -> new Op.Gather(integer("axis"));
            case "slice" -> new Op.Slice(integer("axis"), extent("start"), extent("end"));
            case "concat" -> new Op.Concat(integer("axis"));
            case "softmax" -> new Op.Softmax(integer("axis"));
            case "reduce" ->
                new Op.Reduce(constant("function", Op.ReduceFunction.values()), integers("axes"), flag("keepAxes"));
            case "cumulativeSum" -> new Op.CumulativeSum(integer("axis"));
            case "range" -> new Op.Range(extent("extent"));
            default -> throw new IllegalArgumentException("not an operator: " + name);
        };
    }

    private String attribute(String attribute) {
        String text = attributes.get(attribute);
        if (text == null) {
            throw new IllegalArgumentException("the attribute " + attribute + " is missing");
        }
        return text;
    }

    private int integer(String attribute) {
        return Integer.parseInt(attribute(attribute));
    }

    private double number(String attribute) {
        return Double.parseDouble(attribute(attribute));
    }

    private boolean flag(String attribute) {
        return Boolean.parseBoolean(attribute(attribute));
    }

    private Dim extent(String attribute) {
        return Dim.parse(attribute(attribute));
    }

    private List<Integer> integers(String attribute) {
        String text = attribute(attribute);
        List<Integer> numbers = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String number : text.split(" ", -1)) {
                numbers.add(Integer.valueOf(number));
            }
        }
        return numbers;
    }

    private PositionScheme positions() {
        List<Integer> numbers = integers("positions");
        if (numbers.size() != 2) {
            throw new IllegalArgumentException("positions are an offset and an id, not " + numbers);
        }
        return new PositionScheme(numbers.get(0), numbers.get(1));
    }

    private Activation activation() {
        return constant("activation", Activation.values());
    }

    private DType arithmetic() {
        return constant("arithmetic", DType.values());
    }

    /** Only fixed ranges need be written. */
    private RowRange range() {
        String text = attributes.get("range");
        return text == null ? RowRange.OWN : RowRange.parse(text);
    }

    private <E extends Enum<E>> E constant(String attribute, E[] constants) {
        String text = attribute(attribute);
        for (E constant : constants) {
            if (OpText.camel(constant).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(attribute + " cannot be " + text);
    }
}
