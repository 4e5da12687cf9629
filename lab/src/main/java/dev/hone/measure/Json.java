package dev.hone.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as JSON with {@code snake_case} names, the form of every output contract. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /** Figures without those that are not finite, for which JSON has no word: they are null. */
    public static Map<String, @Nullable Double> numbers(Map<String, Double> figures) {
        Map<String, @Nullable Double> numbers = new LinkedHashMap<>();
        figures.forEach((name, value) -> numbers.put(name, Double.isFinite(value) ? value : null));
        return numbers;
    }

    /** One object on one line. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException unexpected) {
            throw new IllegalStateException("cannot be written as JSON: " + value, unexpected);
        }
    }

    /** One object with line breaks and indentation, for people who open the file. */
    public static String document(Object value) {
        try {
            return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value) + "\n";
        } catch (JsonProcessingException unexpected) {
            throw new IllegalStateException("cannot be written as JSON: " + value, unexpected);
        }
    }
}
