package dev.hone.sweep;

import dev.hone.HoneException;
import dev.hone.NearestName;
import dev.hone.evaluate.data.DataTask;
import dev.hone.sweep.Parameter.Part;
import dev.hone.sweep.YamlValue.Field;
import dev.hone.sweep.YamlValue.Items;
import dev.hone.sweep.YamlValue.Section;
import dev.hone.sweep.YamlValue.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a sweep file asks for.
 *
 * @param model a path or a name on the hub; none for the bundled model
 * @param data where the rows are
 * @param labels of the model in the order of its logits; empty for those of its configuration
 * @param repeats how often all rows are answered against the clock
 * @param batch rows of a call
 * @param effects whether each operator type is measured by itself
 * @param grid the settings
 */
public record SweepFile(
        @Nullable String model,
        DataTask task,
        Data data,
        List<String> labels,
        int repeats,
        int batch,
        boolean effects,
        Grid grid) {
    /**
     * Labelled rows.
     *
     * @param samples rows that are drawn
     * @param columns in the form of the option {@code --column}
     */
    public record Data(String path, int samples, long seed, List<String> columns) {}

    private static final int USUAL_SAMPLES = 200;
    private static final int USUAL_REPEATS = 3;
    private static final int MOST_SAMPLES = 1_000_000;
    private static final int MOST_REPEATS = 1000;
    private static final int MOST_BATCH = 4096;
    private static final long MOST_COMBINATIONS = 10_000;
    private static final List<String> NAMES = List.of(
            "model",
            "task",
            "data",
            "labels",
            "repeats",
            "batch",
            "effects",
            "engine",
            "precision",
            "optimize",
            "quantize");

    public SweepFile {
        labels = List.copyOf(labels);
    }

    /**
     * Reads a file. Paths in it are taken from the file's folder where they lead to something there.
     *
     * @throws HoneException of category {@code USAGE}, with line and column, for what it cannot say
     */
    public static SweepFile read(Path file) {
        Section all = YamlReader.read(file);
        refuseOthers(all, NAMES);
        Map<String, List<String>> axes = new LinkedHashMap<>();
        addAxes(axes, all, Part.RUN);
        addAxes(axes, part(all, "optimize"), Part.OPTIMIZE);
        addAxes(axes, part(all, "quantize"), Part.QUANTIZE);
        if (Grid.size(axes) > MOST_COMBINATIONS) {
            throw all.place().wrong(Grid.size(axes) + " combinations; the most is " + MOST_COMBINATIONS);
        }
        Field model = all.fields().get("model");
        return new SweepFile(
                model == null ? null : found(file, text(model)),
                read(required(all, "task"), DataTask::parse),
                data(file, required(all, "data")),
                texts(all, "labels"),
                count(all, "repeats", USUAL_REPEATS, MOST_REPEATS),
                count(all, "batch", 1, MOST_BATCH),
                isTrue(all, "effects"),
                Grid.of(axes));
    }

    private static Data data(Path file, Field field) {
        if (field.value() instanceof Text path) {
            return new Data(found(file, path.text()), USUAL_SAMPLES, 1, List.of());
        }
        Section section = section(field);
        refuseOthers(section, List.of("path", "samples", "seed", "column"));
        Field seed = section.fields().get("seed");
        return new Data(
                found(file, text(required(section, "path"))),
                count(section, "samples", USUAL_SAMPLES, MOST_SAMPLES),
                seed == null ? 1 : read(seed, SweepFile::whole),
                texts(section, "column"));
    }

    private static long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException noNumber) {
            throw new HoneException(HoneException.Category.USAGE, "'" + text + "': give a whole number", noNumber);
        }
    }

    private static String found(Path file, String place) {
        Path beside = file.toAbsolutePath().resolveSibling(place);
        return Files.exists(beside) ? beside.toString() : place;
    }

    private static void addAxes(Map<String, List<String>> axes, @Nullable Section section, Part part) {
        if (section == null) {
            return;
        }
        List<Parameter> known = Parameter.of(part);
        if (part != Part.RUN) {
            refuseOthers(section, known.stream().map(Parameter::name).toList());
        }
        for (Parameter parameter : known) {
            Field field = section.fields().get(parameter.name());
            if (field != null) {
                axes.put(parameter.name(), values(parameter, field));
            }
        }
    }

    /** Each item of the outer list is a value; a value alone is a list of one. */
    private static List<String> values(Parameter parameter, Field field) {
        List<YamlValue> items = field.value() instanceof Items list ? list.items() : List.of(field.value());
        if (items.isEmpty()) {
            throw field.value().place().wrong(parameter.name() + " has no value");
        }
        List<String> values = new ArrayList<>();
        for (YamlValue item : items) {
            Text text = parameter.isList() && item instanceof Items names ? joined(names) : scalar(item);
            String value = read(new Field(field.place(), text), parameter.reading());
            if (!values.contains(value)) {
                values.add(value);
            }
        }
        return values;
    }

    private static Text joined(Items names) {
        List<String> texts =
                names.items().stream().map(item -> scalar(item).text()).toList();
        return new Text(names.place(), String.join(",", texts));
    }

    private static <T> T read(Field field, Function<String, T> reading) {
        Text text = scalar(field.value());
        try {
            return reading.apply(text.text());
        } catch (HoneException wrong) {
            throw new HoneException(wrong.category(), text.place() + ": " + wrong.getMessage(), wrong);
        }
    }

    private static @Nullable Section part(Section all, String name) {
        Field field = all.fields().get(name);
        return field == null ? null : section(field);
    }

    private static Section section(Field field) {
        if (field.value() instanceof Section section) {
            return section;
        }
        throw field.value().place().wrong("names and values are expected here");
    }

    private static Field required(Section section, String name) {
        Field field = section.fields().get(name);
        if (field == null) {
            throw section.place().wrong("'" + name + "' is missing");
        }
        return field;
    }

    private static String text(Field field) {
        return scalar(field.value()).text();
    }

    private static Text scalar(YamlValue value) {
        if (value instanceof Text text && !text.text().isBlank()) {
            return text;
        }
        throw value.place().wrong("one value is expected here");
    }

    private static List<String> texts(Section section, String name) {
        Field field = section.fields().get(name);
        if (field == null) {
            return List.of();
        }
        return field.value() instanceof Items items
                ? items.items().stream().map(item -> scalar(item).text()).toList()
                : List.of(text(field).split(",", -1));
    }

    private static int count(Section section, String name, int usual, int most) {
        Field field = section.fields().get(name);
        return field == null ? usual : read(field, text -> Parameter.count(text, most));
    }

    private static boolean isTrue(Section section, String name) {
        Field field = section.fields().get(name);
        return field == null || read(field, Parameter::yesOrNo).equals("true");
    }

    private static void refuseOthers(Section section, List<String> known) {
        section.fields().forEach((name, field) -> {
            if (!known.contains(name)) {
                String question = NearestName.question(name, known);
                throw field.place()
                        .wrong("unknown name '" + name + "'"
                                + (question.isEmpty()
                                        ? ": use one of " + String.join(", ", new TreeSet<>(known))
                                        : question));
            }
        });
    }
}
