package dev.hone.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a YAML file with its place. A scalar is text, whatever it looks like: who asks for it knows its type. */
sealed interface YamlValue {
    YamlPlace place();

    /** A scalar. */
    record Text(YamlPlace place, String text) implements YamlValue {}

    /** A list. */
    record Items(YamlPlace place, List<YamlValue> items) implements YamlValue {
        public Items {
            items = List.copyOf(items);
        }
    }

    /**
     * A mapping in its order.
     *
     * @param fields by names with low lines for hyphens
     */
    record Section(YamlPlace place, Map<String, Field> fields) implements YamlValue {
        public Section {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** A name's place and value. */
    record Field(YamlPlace place, YamlValue value) {}
}
