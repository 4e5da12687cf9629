package dev.hone.graph;

import dev.hone.HoneException;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final String TYPED = "%(\\S+): (\\w+)(\\[[^\\]]*\\])";
    private static final Pattern INPUT = Pattern.compile("input " + TYPED);
    private static final Pattern CONSTANT = Pattern.compile("constant " + TYPED + " = (external|\\{([^}]*)\\})");
    private static final Pattern NODE = Pattern.compile(TYPED + " = ([^(]+)\\(([^)]*)\\)");
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-f]{4})");
    private static final Pattern OUTPUT = Pattern.compile("output (\\S+) = %(\\S+)");

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
        Reader reader = new Reader(external);
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            try {
                reader.read(line);
            } catch (IllegalArgumentException failure) {
                throw new HoneException(
                        HoneException.Category.CHECKPOINT, "line " + number + ": " + failure.getMessage(), failure);
            } catch (HoneException failure) {
                throw failure.at("line " + number);
            }
        }
        return reader.builder.build();
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

    private static String unescape(String name) {
        if (name.indexOf('%') < 0) {
            return name;
        }
        return ESCAPE.matcher(name)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    }

    /** Reads line by line into a builder. */
    private static final class Reader {
        private final External external;
        private final Map<String, Value> values = new LinkedHashMap<>();
        private GraphBuilder builder = new GraphBuilder("graph");

        Reader(External external) {
            this.external = external;
        }

        void read(String line) {
            if (line.startsWith("graph ")) {
                builder = new GraphBuilder(unescape(line.substring(6).strip()));
            } else if (line.startsWith("input ")) {
                Value declared = declared(match(INPUT, line));
                remember(builder.input(declared.name(), declared.type(), declared.shape()));
            } else if (line.startsWith("constant ")) {
                Matcher constant = match(CONSTANT, line);
                readConstant(declared(constant), constant.group(5));
            } else if (line.startsWith("output ")) {
                Matcher output = match(OUTPUT, line);
                builder.output(unescape(output.group(1)), find(output.group(2)));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                readNode(match(NODE, line));
            }
        }

        private static Matcher match(Pattern statement, String line) {
            Matcher matcher = statement.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not a statement: " + line);
            }
            return matcher;
        }

        private void readNode(Matcher node) {
            List<Value> operands = new ArrayList<>();
            if (!node.group(5).isBlank()) {
                for (String operand : node.group(5).split(",", -1)) {
                    operands.add(find(operand.strip().substring(1)));
                }
            }
            remember(builder.add(new Node(OpText.parse(node.group(4)), operands, declared(node))));
        }

        private static Value declared(Matcher match) {
            return new Value(unescape(match.group(1)), DType.parse(match.group(2)), Shape.parse(match.group(3)));
        }

        private void readConstant(Value declared, @Nullable String numbers) {
            Tensor tensor = numbers == null
                    ? external.find(declared.name(), declared.type(), declared.shape())
                    : inline(declared, numbers);
            if (tensor == null) {
                throw new IllegalArgumentException("no tensor is given for the external constant " + declared.name());
            }
            remember(builder.constant(declared.name(), tensor));
        }

        private static Tensor inline(Value declared, String text) {
            String[] numbers = text.isBlank() ? new String[0] : text.strip().split(" +", -1);
            return TensorText.read(declared.type(), declared.shape(), numbers);
        }

        private void remember(Value value) {
            values.put(value.name(), value);
        }

        private Value find(String escaped) {
            Value value = values.get(unescape(escaped));
            if (value == null) {
                throw new IllegalArgumentException("nothing before this line defines %" + escaped);
            }
            return value;
        }
    }
}
