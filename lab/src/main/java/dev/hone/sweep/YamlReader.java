package dev.hone.sweep;

import dev.hone.FileFailure;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.sweep.YamlValue.Field;
import dev.hone.sweep.YamlValue.Items;
import dev.hone.sweep.YamlValue.Section;
import dev.hone.sweep.YamlValue.Text;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a small YAML file that nobody vouches for: values are made of the parser's events, so no type is constructed,
 * and size and depth are limited. Anchors, aliases and tags are refused.
 */
final class YamlReader {
    static final int MOST_BYTES = 1 << 16;
    /** A section in the file, a list in it, a list as one of its values. */
    private static final int DEEPEST = 4;

    private final Path file;
    private final Iterator<Event> events;

    private YamlReader(Path file, Iterator<Event> events) {
        this.file = file;
        this.events = events;
    }

    /**
     * The mapping that a file holds.
     *
     * @throws HoneException of category {@code USAGE}, with line and column, when it is not one mapping; of category
     *     {@code INPUT} when the file cannot be read
     */
    static Section read(Path file) {
        String text = text(file);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(String.valueOf(file.getFileName()))
                .setCodePointLimit(MOST_BYTES)
                .build();
        try {
            return new YamlReader(file, new Parse(settings).parseString(text).iterator()).document();
        } catch (MarkedYamlEngineException malformed) {
            YamlPlace place = malformed
                    .getProblemMark()
                    .map(mark -> YamlPlace.of(file, mark))
                    .orElse(new YamlPlace(file, 1, 1));
            throw new HoneException(Category.USAGE, place + ": not YAML: " + malformed.getProblem(), malformed);
        } catch (YamlEngineException malformed) {
            throw new HoneException(Category.USAGE, file + ": not YAML: " + malformed.getMessage(), malformed);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new HoneException(
                        Category.USAGE,
                        file + ": " + Files.size(file) + " bytes are no list of settings; the most is " + MOST_BYTES);
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException malformed) {
            throw new HoneException(Category.INPUT, file + ": not UTF-8 text; give a YAML file", malformed);
        } catch (IOException unreadable) {
            throw new HoneException(
                    Category.INPUT,
                    file + ": cannot be read: " + FileFailure.whileReading(unreadable) + "; give a YAML file",
                    unreadable);
        }
    }

    private Section document() {
        skip(Event.ID.StreamStart);
        Event first = events.next();
        if (first.getEventId() != Event.ID.DocumentStart) {
            throw new YamlPlace(file, 1, 1).wrong("nothing is in it; see hone sweep --help for an example");
        }
        YamlValue value = value(events.next(), 0);
        skip(Event.ID.DocumentEnd);
        Event last = events.next();
        if (last.getEventId() != Event.ID.StreamEnd) {
            throw place(last).wrong("a second document begins here; give one");
        }
        if (value instanceof Section section) {
            return section;
        }
        throw value.place().wrong("names and values are expected, as in 'task: sst2'");
    }

    private void skip(Event.ID expected) {
        Event event = events.next();
        if (event.getEventId() != expected) {
            throw place(event).wrong("unexpected " + event.getEventId());
        }
    }

    private YamlValue value(Event event, int depth) {
        YamlPlace place = place(event);
        if (event instanceof AliasEvent
                || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
            throw place.wrong("anchors and aliases are not taken: write the value out");
        }
        if (depth > DEEPEST) {
            throw place.wrong("lists in lists of lists are not taken");
        }
        if (tag(event).isPresent()) {
            throw place.wrong("the tag " + tag(event).get() + " is not taken: leave it away");
        }
        if (event instanceof ScalarEvent scalar) {
            return new Text(place, scalar.getValue());
        }
        return event instanceof MappingStartEvent ? section(place, depth) : items(place, depth);
    }

    private static Optional<String> tag(Event event) {
        return switch (event) {
            case ScalarEvent scalar -> scalar.getTag();
            case CollectionStartEvent collection -> collection.getTag();
            default -> Optional.empty();
        };
    }

    private Items items(YamlPlace place, int depth) {
        List<YamlValue> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(value(event, depth + 1));
        }
        return new Items(place, items);
    }

    private Section section(YamlPlace place, int depth) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(value(event, depth + 1) instanceof Text name)) {
                throw place(event).wrong("a name is expected here");
            }
            YamlValue value = value(events.next(), depth + 1);
            Field before = fields.put(name.text().replace('-', '_'), new Field(name.place(), value));
            if (before != null) {
                throw name.place()
                        .wrong("'" + name.text() + "' was given in line "
                                + before.place().line());
            }
        }
        return new Section(place, fields);
    }

    private YamlPlace place(Event event) {
        return event.getStartMark().map(mark -> YamlPlace.of(file, mark)).orElse(new YamlPlace(file, 1, 1));
    }
}
