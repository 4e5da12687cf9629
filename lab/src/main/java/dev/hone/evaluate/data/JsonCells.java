package dev.hone.evaluate.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cells of a JSON object: its values and lists of values.
 *
 * <p>A field inside another one is called by both names with a dot between; null is left out.
 */
final class JsonCells {
    private final Map<String, String> byName = new LinkedHashMap<>();
    private final Map<String, List<String>> lists = new LinkedHashMap<>();

    private JsonCells() {}

    static Table.Cells of(JsonNode object, long line) {
        JsonCells cells = new JsonCells();
        cells.addFields(object, "");
        return new Table.Cells(cells.byName, cells.lists, line);
    }

    private void addFields(JsonNode object, String prefix) {
        object.properties().forEach(field -> add(prefix + field.getKey(), field.getValue()));
    }

    private void add(String name, JsonNode value) {
        if (value.isArray()) {
            List<String> elements = new ArrayList<>();
            for (JsonNode element : value) {
                if (element.isValueNode() && !element.isNull()) {
                    elements.add(element.asText());
                }
            }
            lists.put(name, elements);
        } else if (value.isObject()) {
            addFields(value, name + ".");
        } else if (!value.isNull()) {
            byName.put(name, value.asText());
        }
    }
}
