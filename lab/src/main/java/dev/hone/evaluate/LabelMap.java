package dev.hone.evaluate;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * From the labels of data to the classes of a model.
 *
 * <p>A label may be a name of the model's or of the public set's, without regard to case, or a number. Numbers are
 * those of the public set; where the model has the same names in another order, they are put into the model's order.
 */
public final class LabelMap {
    private final List<String> classes;
    private final List<String> published;

    private LabelMap(List<String> classes, List<String> published) {
        this.classes = classes;
        this.published = published;
    }

    /**
     * The map for a model.
     *
     * @param classes the model's names in the order of its logits; empty when it has none
     * @throws HoneException of category {@code USAGE} when neither model nor task says how many classes there are
     */
    public static LabelMap of(DataTask task, List<String> classes) {
        List<String> known = classes.isEmpty() ? task.labels() : classes;
        if (known.size() < 2) {
            throw new HoneException(
                    Category.USAGE,
                    "the model names " + known.size() + " labels, and two are needed to tell rows apart;"
                            + " name them in the order of its logits with --labels A,B");
        }
        return new LabelMap(plain(known), plain(task.labels()));
    }

    private static List<String> plain(List<String> names) {
        return names.stream().map(LabelMap::plain).toList();
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
    }

    /** Everything that classes follow from. */
    @Override
    public String toString() {
        return "classes " + classes + ", published " + published;
    }

    int size() {
        return classes.size();
    }

    /** The class of a row's label. */
    int of(Example.Labelled row) {
        String label = plain(row.label());
        OptionalInt number = number(label);
        if (number.isPresent()) {
            return inModelOrder(number.getAsInt());
        }
        if (classes.contains(label)) {
            return classes.indexOf(label);
        }
        if (published.contains(label) && published.size() == classes.size()) {
            return inModelOrder(published.indexOf(label));
        }
        throw new HoneException(
                Category.INPUT,
                row.place() + ": unknown label '" + row.label() + "'; known are " + classes + " and numbers from 0 to "
                        + (classes.size() - 1) + "; other names are given with --labels, in the order of the logits");
    }

    private int inModelOrder(int number) {
        boolean sameNames = published.size() == classes.size() && classes.containsAll(published);
        return sameNames ? classes.indexOf(published.get(number)) : number;
    }

    private OptionalInt number(String label) {
        try {
            int number = Integer.parseInt(label);
            return number >= 0 && number < classes.size() ? OptionalInt.of(number) : OptionalInt.empty();
        } catch (NumberFormatException aName) {
            return OptionalInt.empty();
        }
    }
}
