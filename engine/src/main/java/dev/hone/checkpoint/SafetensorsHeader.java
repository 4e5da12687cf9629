package dev.hone.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.hone.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON at the start of a safetensors file, read piece by piece; every number is checked by {@link Safetensors}. */
final class SafetensorsHeader {
    private static final int LARGEST_RANK = 32;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * What the header says about one tensor.
     *
     * @param dims extents as written, not yet checked
     * @param begin first byte in the data section, as written
     * @param end byte after the last
     */
    record Entry(DType type, List<Long> dims, long begin, long end) {}

    /** What is wrong with a header; the caller adds the file. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String complaint) {
            super(complaint);
        }
    }

    private final JsonParser parser;

    private SafetensorsHeader(JsonParser parser) {
        this.parser = parser;
    }

    /** Entries by tensor name, in the order of the header. */
    static Map<String, Entry> parse(String json) throws Malformed {
        try (JsonParser parser = JSON.createParser(json)) {
            return new SafetensorsHeader(parser).entries();
        } catch (IOException failure) {
            String reason = failure.getMessage();
            throw new Malformed("the header is no JSON: "
                    + (reason == null ? "" : reason.lines().findFirst().orElse("")));
        }
    }

    private Map<String, Entry> entries() throws IOException, Malformed {
        Map<String, Entry> entries = new LinkedHashMap<>();
        expect(JsonToken.START_OBJECT, "the header");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("__metadata__")) {
                parser.skipChildren();
            } else {
                entries.put(name, entry(name));
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
            throw new Malformed("the header does not end where its object ends");
        }
        return entries;
    }

    private Entry entry(String tensor) throws IOException, Malformed {
        require(parser.currentToken() == JsonToken.START_OBJECT, "tensor " + tensor + " is described by no object");
        DType type = null;
        List<Long> dims = null;
        List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> type = type(tensor);
                case "shape" -> dims = numbers(tensor, key, LARGEST_RANK);
                case "data_offsets" -> offsets = numbers(tensor, key, 2);
                default -> throw new Malformed("tensor " + tensor + " has the unknown key " + key);
            }
        }
        return complete(tensor, type, dims, offsets);
    }

    private static Entry complete(
            String tensor, @Nullable DType type, @Nullable List<Long> dims, @Nullable List<Long> offsets)
            throws Malformed {
        if (type == null || dims == null || offsets == null || offsets.size() != 2) {
            throw new Malformed("tensor " + tensor + " lacks its dtype, its shape or its two data_offsets");
        }
        return new Entry(type, dims, offsets.getFirst(), offsets.getLast());
    }

    private DType type(String tensor) throws IOException, Malformed {
        String name = parser.getValueAsString("");
        try {
            return DType.parse(name.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new Malformed("tensor " + tensor + " has the dtype " + name + "; known are F64, F32, F16, BF16, I64, "
                    + "I32, I16, I8, U8 and BOOL");
        }
    }

    private List<Long> numbers(String tensor, String key, int most) throws IOException, Malformed {
        require(parser.currentToken() == JsonToken.START_ARRAY, "tensor " + tensor + ": " + key + " is no list");
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER,
                    "tensor " + tensor + ": " + key + " holds something else than integers of 64 bits");
            require(numbers.size() < most, "tensor " + tensor + ": " + key + " has more than " + most + " numbers");
            numbers.add(parser.getLongValue());
        }
        return numbers;
    }

    private void expect(JsonToken token, String what) throws IOException, Malformed {
        require(parser.nextToken() == token, what + " is no JSON object");
    }

    private static void require(boolean condition, String complaint) throws Malformed {
        if (!condition) {
            throw new Malformed(complaint);
        }
    }
}
