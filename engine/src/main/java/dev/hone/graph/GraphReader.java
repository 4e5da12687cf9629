package dev.hone.graph;

import dev.hone.HoneException;
import dev.hone.graph.GraphText.External;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a graph statement by statement.
 *
 * <p>A compiled model is read in a JVM that has compiled nothing yet, so this walks along the characters: patterns and
 * streams cost more there than the reading.
 */
final class GraphReader {
    private final External external;
    private final Map<String, Value> values = new HashMap<>();
    private GraphBuilder builder = new GraphBuilder("graph");
    private String line = "";
    private int at;

    GraphReader(External external) {
        this.external = external;
    }

    /** @throws HoneException of category CHECKPOINT that names the line */
    Graph read(String text) {
        int number = 0;
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            number++;
            try {
                line = text.substring(start, end).strip();
                at = 0;
                readStatement();
            } catch (IllegalArgumentException | ArithmeticException failure) {
                throw new HoneException(
                        HoneException.Category.CHECKPOINT, "line " + number + ": " + failure.getMessage(), failure);
            } catch (HoneException failure) {
                throw failure.at("line " + number);
            }
            start = end + 1;
        }
        return builder.build();
    }

    private void readStatement() {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (skips("graph ")) {
            builder = new GraphBuilder(unescape(line.substring(at).strip()));
        } else if (skips("input ")) {
            Value input = readDeclared();
            expectEnd();
            remember(builder.input(input.name(), input.type(), input.shape()));
        } else if (skips("constant ")) {
            readConstant();
        } else if (skips("output ")) {
            String name = readUntil(" = %");
            builder.output(unescape(name), find(line.substring(at)));
        } else {
            readNode();
        }
    }

    /** {@code %name: type[extents]}. */
    private Value readDeclared() {
        expect("%");
        String name = unescape(readUntil(": "));
        DType type = DType.parse(readUntil("["));
        String extents = readUntil("]");
        return new Value(name, type, Shape.parse("[" + extents + "]"));
    }

    private void readConstant() {
        Value declared = readDeclared();
        if (!declared.shape().isFixed()) {
            throw new IllegalArgumentException("constant " + declared + " has an extent that is no number");
        }
        expect(" = ");
        Tensor tensor;
        if (skips("external")) {
            tensor = external.find(declared.name(), declared.type(), declared.shape());
        } else {
            expect("{");
            tensor = inline(declared, readUntil("}").strip());
        }
        expectEnd();
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor is given for the external constant " + declared.name());
        }
        remember(builder.constant(declared.name(), tensor));
    }

    private static Tensor inline(Value declared, String text) {
        String[] numbers = text.isEmpty() ? new String[0] : text.split(" ", -1);
        return TensorText.read(declared.type(), declared.shape(), numbers);
    }

    private void readNode() {
        Value declared = readDeclared();
        expect(" = ");
        Op op = OpText.parse(readUntil("("));
        String operands = readUntil(")").strip();
        expectEnd();
        List<Value> inputs = new ArrayList<>();
        if (!operands.isEmpty()) {
            for (String operand : operands.split(",", -1)) {
                String name = operand.strip();
                inputs.add(find(name.startsWith("%") ? name.substring(1) : name));
            }
        }
        remember(builder.add(new Node(op, inputs, declared)));
    }

    private void remember(Value value) {
        values.put(value.name(), value);
    }

    private Value find(String escaped) {
        @Nullable Value value = values.get(unescape(escaped));
        if (value == null) {
            throw new IllegalArgumentException("nothing before this line defines %" + escaped);
        }
        return value;
    }

    private boolean skips(String word) {
        boolean found = line.startsWith(word, at);
        at += found ? word.length() : 0;
        return found;
    }

    private void expect(String word) {
        if (!skips(word)) {
            throw notAStatement();
        }
    }

    private void expectEnd() {
        if (at != line.length()) {
            throw notAStatement();
        }
    }

    /** The text before a mark, which is skipped. */
    private String readUntil(String mark) {
        int end = line.indexOf(mark, at);
        if (end < 0) {
            throw notAStatement();
        }
        String text = line.substring(at, end);
        at = end + mark.length();
        return text;
    }

    private IllegalArgumentException notAStatement() {
        return new IllegalArgumentException("not a statement: " + line);
    }

    /** A percent and four hexadecimal digits stand for a character. */
    private static String unescape(String name) {
        if (name.indexOf('%') < 0) {
            return name;
        }
        StringBuilder plain = new StringBuilder();
        for (int index = 0; index < name.length(); index++) {
            if (name.charAt(index) == '%' && index + 4 < name.length()) {
                plain.append((char) Integer.parseInt(name, index + 1, index + 5, 16));
                index += 4;
            } else {
                plain.append(name.charAt(index));
            }
        }
        return plain.toString();
    }
}
