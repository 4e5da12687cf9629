package dev.hone.evaluate.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The names of numbered classes that the hub's Parquet files bring in their metadata. */
final class HubClasses {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String KEY = "huggingface";

    private HubClasses() {}

    /** The names for a column of classes or of lists of them; none where the file has none. */
    static List<String> of(Map<String, String> metadata, String column) {
        String text = metadata.getOrDefault(KEY, "{}");
        try {
            JsonNode feature =
                    MAPPER.readTree(text).path("info").path("features").path(column);
            List<String> names = new ArrayList<>();
            feature.findPath("names").forEach(name -> names.add(name.asText()));
            return names;
        } catch (JsonProcessingException unreadable) {
            // Other tools may use the key for something else; tags without names are refused where they are read.
            return List.of();
        }
    }
}
