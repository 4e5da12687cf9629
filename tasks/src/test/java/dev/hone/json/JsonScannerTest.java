package dev.hone.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hone.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Texts are read as a library reads them, and refused where it refuses them. */
class JsonScannerTest {
    private static final JsonMapper LIBRARY = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String REFUSED = "refused";

    private static final String EXAMPLE = """
            {"name": "BERT \\u00e9 \\ud83e\\udd92 \\"\\\\\\/\\b\\f\\n\\r\\t é 🦒", "layers": [1, -2.5e3, 0, 0.25, []],
             "flags": {"on": true, "off": false, "none": null, "empty": {}}, "": "", "deep": [[[{"a": [1e-7]}]]]}""";

    private static JsonValue parse(String text) {
        return JsonValue.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(String text, String reason) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void readsEveryKindOfValue() {
        JsonValue value = parse(EXAMPLE);
        assertThat(value.path("name").text()).isEqualTo("BERT é 🦒 \"\\/\b\f\n\r\t é 🦒");
        assertThat(value.path("layers").elements()).hasSize(5);
        assertThat(value.path("flags").path("on").truth(false)).isTrue();
        assertThat(value.path("flags").path("none").isNothing()).isTrue();
        assertThat(value.path("nothing").path("here").text("otherwise")).isEqualTo("otherwise");
        assertThat(value.names()).containsExactly("name", "layers", "flags", "", "deep");
    }

    @Test
    void positiveNumbersAreWhole() {
        JsonValue value = parse("[512, 0, -1, 1.5, 1e30, \"7\", 2147483647, 2147483648]");
        assertThat(value.elements().stream().map(element -> element.positive(-9)))
                .containsExactly(512, -9, -9, -9, -9, -9, Integer.MAX_VALUE, -9);
    }

    @Test
    void refusesWhatIsNoJson() {
        refused("", "ends early");
        refused("[1,]", "value is expected");
        refused("{\"a\" 1}", "':' is expected");
        refused("{a: 1}", "name of a field");
        refused("[01]", "does not begin with 0");
        refused("[1] 2", "follows");
        refused("\"\\ud800\"", "half a surrogate pair");
        refused("\"\\q\"", "no such escape");
        refused("\"a\nb\"", "no such character");
        refused("[1e999]", "too large");
        refused("[".repeat(101) + "]".repeat(101), "nesting");
        assertThatThrownBy(() -> JsonValue.parse(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}))
                .hasMessageContaining("no such character");
    }

    @Test
    void agreesWithTheLibraryOnDamagedTexts() {
        String pieces = "{}[]\":,\\ eE+-.0159nulltrue\n";
        int rounds = Fuzz.rounds(4000).run(round -> {
            StringBuilder text = new StringBuilder(EXAMPLE);
            for (int changes = round.between(1, 3); changes > 0; changes--) {
                int at = round.between(0, text.length() - 1);
                String piece = String.valueOf(pieces.charAt(round.between(0, pieces.length() - 1)));
                text.replace(at, at + round.between(0, 2), piece);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            assertSame(bytes);
        });
        assertThat(rounds).isPositive();
    }

    /** What both make of a text, object fields by name; half surrogate pairs are the scanner's own refusal. */
    private static void assertSame(byte[] bytes) throws IOException {
        String ours;
        try {
            ours = flat(JsonValue.parse(bytes));
        } catch (IllegalArgumentException refused) {
            ours = REFUSED;
            if (String.valueOf(refused.getMessage()).contains("surrogate")) {
                return;
            }
        }
        String theirs;
        try {
            theirs = flat(LIBRARY.readTree(bytes));
        } catch (JacksonException refused) {
            theirs = REFUSED;
        }
        assertThat(ours).isEqualTo(theirs);
        assertThat(skips(bytes)).isEqualTo(!ours.equals(REFUSED));
    }

    private static boolean skips(byte[] bytes) {
        JsonScanner scanner = new JsonScanner(bytes);
        try {
            scanner.skip();
            scanner.end();
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private static String flat(JsonValue value) {
        if (value.isObject()) {
            Map<String, String> fields = new TreeMap<>();
            value.names().forEach(name -> fields.put(name, flat(value.path(name))));
            return fields.toString();
        }
        return value.isList()
                ? value.elements().stream().map(JsonScannerTest::flat).toList().toString()
                : value.toString();
    }

    private static String flat(JsonNode value) {
        if (value.isObject()) {
            Map<String, String> fields = new TreeMap<>();
            value.properties().forEach(field -> fields.put(field.getKey(), flat(field.getValue())));
            return fields.toString();
        }
        if (value.isArray()) {
            return value.valueStream().map(JsonScannerTest::flat).toList().toString();
        }
        if (value.isTextual()) {
            return '"' + value.textValue() + '"';
        }
        return value.isNumber() ? String.valueOf(value.doubleValue()) : value.asText();
    }
}
