package dev.hone.evaluate.data;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tasks that data can be evaluated for, with the label numbers of the public sets. */
public enum DataTask {
    SST2("sst2", Kind.LABELS, false, "negative", "positive"),
    COLA("cola", Kind.LABELS, false, "unacceptable", "acceptable"),
    MRPC("mrpc", Kind.LABELS, true, "not_equivalent", "equivalent"),
    QQP("qqp", Kind.LABELS, true, "not_duplicate", "duplicate"),
    RTE("rte", Kind.LABELS, true, "entailment", "not_entailment"),
    QNLI("qnli", Kind.LABELS, true, "entailment", "not_entailment"),
    MNLI("mnli", Kind.LABELS, true, "entailment", "neutral", "contradiction"),
    STSB("stsb", Kind.GRADES, true),
    SQUAD("squad", Kind.QUESTIONS, null),
    SQUAD2("squad2", Kind.QUESTIONS, null),
    /** Token files of CoNLL, WNUT and the like. */
    NER("ner", Kind.TAGS, null),
    /** Any texts or pairs with labels. */
    CLASSIFICATION("text-classification", Kind.LABELS, null);

    /** What is right in a row. */
    public enum Kind {
        LABELS,
        GRADES,
        TAGS,
        QUESTIONS
    }

    private static final List<List<String>> OTHER_NAMES = List.of(
            List.of("ner", "token-classification", "wnut17", "conll2003"),
            List.of("squad2", "squad-v2", "question-answering"),
            List.of("squad", "squad1", "squad-v1", "squad-v1.1"),
            List.of("stsb", "similarity", "embedding"),
            List.of("text-classification", "classification"));

    private final String label;
    private final Kind kind;
    private final Optional<Boolean> pairs;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    DataTask(String label, Kind kind, @Nullable Boolean pairs, String... labels) {
        this.label = label;
        this.kind = kind;
        this.pairs = Optional.ofNullable(pairs);
        this.labels = List.of(labels);
    }

    /**
     * The task of a name, its common spellings included.
     *
     * @throws HoneException of category {@code USAGE} for an unknown one, with the known ones
     */
    public static DataTask parse(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
        for (DataTask task : values()) {
            boolean other = OTHER_NAMES.stream()
                    .anyMatch(names -> names.contains(plain) && names.getFirst().equals(task.label));
            if (other || task.label.equals(plain.replace("-", "")) || task.label.equals(plain)) {
                return task;
            }
        }
        throw new HoneException(
                Category.USAGE,
                "unknown task '" + name + "': use one of "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(DataTask::label).toList()));
    }

    /** Its name on the command line. */
    public String label() {
        return label;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether its rows are pairs of texts; empty where the data's columns tell. */
    public Optional<Boolean> pairs() {
        return pairs;
    }

    /** What the numbers of its public set stand for; empty where that is not fixed. */
    public List<String> labels() {
        return labels;
    }
}
