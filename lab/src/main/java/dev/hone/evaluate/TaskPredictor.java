package dev.hone.evaluate;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.Prediction.Found;
import dev.hone.evaluate.Prediction.Grade;
import dev.hone.evaluate.Prediction.Logits;
import dev.hone.evaluate.Prediction.Tags;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.measure.Statistics;
import dev.hone.session.Encoder;
import dev.hone.task.Embedder;
import dev.hone.task.Hone;
import dev.hone.task.Question;
import dev.hone.task.QuestionAnswerer;
import dev.hone.task.QuestionOptions;
import dev.hone.task.TaskConfiguration;
import dev.hone.task.TaskKind;
import dev.hone.task.TextClassifier;
import dev.hone.task.TextInput;
import dev.hone.task.TokenClassifier;
import dev.hone.tokenize.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** A model behind the tasks' interface, on any engine. */
public final class TaskPredictor implements Predictor {
    private final Function<List<Example>, List<Prediction>> answering;
    private final AutoCloseable opened;
    private final TextTokenizer tokenizer;

    private TaskPredictor(
            Function<List<Example>, List<Prediction>> answering, AutoCloseable opened, TextTokenizer tokenizer) {
        this.answering = answering;
        this.opened = opened;
        this.tokenizer = tokenizer;
    }

    /**
     * Opens the side of a model that a task needs. The model is closed with it.
     *
     * @param tokenizer the one that the model uses
     * @throws dev.hone.HoneException of category {@code USAGE} when the model has no such side
     */
    public static TaskPredictor open(Hone model, TextTokenizer tokenizer, DataTask task) {
        try {
            return switch (task.kind()) {
                case LABELS -> {
                    TextClassifier classifier = model.classifier();
                    yield new TaskPredictor(rows -> logits(classifier, rows), classifier, tokenizer);
                }
                case GRADES -> grading(model, tokenizer);
                case TAGS -> {
                    TokenClassifier classifier = model.tokenClassifier();
                    yield new TaskPredictor(rows -> tags(classifier, rows), classifier, tokenizer);
                }
                case QUESTIONS -> answering(model, tokenizer, task);
            };
        } catch (RuntimeException failure) {
            model.close();
            throw failure;
        }
    }

    /**
     * Opens the side of a model that a task needs, with a tokenizer of its own.
     *
     * @param encoder opens the model, which is closed with the predictor
     * @param folder where the tokenizer's files are
     * @throws dev.hone.HoneException of category {@code USAGE} when the model has no such side
     */
    public static TaskPredictor open(
            Supplier<? extends Encoder> encoder, Path folder, TaskConfiguration configuration, DataTask task) {
        TextTokenizer tokenizer = TextTokenizer.open(folder);
        Encoder opened;
        try {
            opened = encoder.get();
        } catch (RuntimeException failure) {
            tokenizer.close();
            throw failure;
        }
        return open(Hone.of(opened, tokenizer, configuration), tokenizer, task);
    }

    /** Whether grades come from the cosine of embeddings and not from a head. */
    public static boolean gradesByCosine(TaskConfiguration configuration) {
        return configuration.task().orElse(TaskKind.EMBEDDING) != TaskKind.CLASSIFICATION;
    }

    private static TaskPredictor grading(Hone model, TextTokenizer tokenizer) {
        if (gradesByCosine(model.configuration())) {
            Embedder embedder = model.embedder();
            return new TaskPredictor(rows -> cosines(embedder, rows), embedder, tokenizer);
        }
        TextClassifier classifier = model.classifier();
        return new TaskPredictor(
                rows -> classifier.logits(inputs(rows)).stream()
                        .map(TaskPredictor::grade)
                        .toList(),
                classifier,
                tokenizer);
    }

    static Prediction grade(float[] values) {
        if (values.length != 1) {
            throw new HoneException(
                    Category.USAGE,
                    "the model gives " + values.length
                            + " logits where a grade is one; choose the task that fits its head");
        }
        return new Grade(values[0]);
    }

    private static TaskPredictor answering(Hone model, TextTokenizer tokenizer, DataTask task) {
        QuestionAnswerer answerer = model.questionAnswerer(QuestionOptions.DEFAULT.alwaysAnswering());
        boolean mayHaveNone = task == DataTask.SQUAD2;
        return new TaskPredictor(rows -> found(answerer, rows, mayHaveNone), answerer, tokenizer);
    }

    private static List<Prediction> logits(TextClassifier classifier, List<Example> rows) {
        return classifier.logits(inputs(rows)).stream()
                .map(values -> (Prediction) new Logits(values))
                .toList();
    }

    private static List<Prediction> tags(TokenClassifier classifier, List<Example> rows) {
        List<List<String>> sentences =
                rows.stream().map(row -> ((Example.Tagged) row).words()).toList();
        return classifier.labelWords(sentences).stream()
                .map(tags -> (Prediction) new Tags(tags))
                .toList();
    }

    private static List<Prediction> cosines(Embedder embedder, List<Example> rows) {
        List<String> texts = new ArrayList<>();
        for (TextInput pair : inputs(rows)) {
            texts.add(pair.text());
            texts.add(Objects.requireNonNull(pair.second(), "a graded row is a pair"));
        }
        float[][] vectors = embedder.embed(texts);
        List<Prediction> grades = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            grades.add(new Grade(Statistics.cosine(vectors[2 * row], vectors[2 * row + 1])));
        }
        return grades;
    }

    private static List<Prediction> found(QuestionAnswerer answerer, List<Example> rows, boolean mayHaveNone) {
        List<Question> questions =
                rows.stream().map(row -> ((Example.Asked) row).question()).toList();
        return answerer.answer(questions).stream()
                .map(best -> {
                    boolean none = mayHaveNone && best.nullMargin() > QuestionOptions.DEFAULT.nullThreshold();
                    return (Prediction) new Found(none ? "" : best.answer(), best.answer(), best.nullMargin());
                })
                .toList();
    }

    private static List<TextInput> inputs(List<Example> rows) {
        return rows.stream()
                .map(row -> switch (row) {
                    case Example.Labelled labelled -> labelled.input();
                    case Example.Graded graded -> graded.input();
                    case Example.Tagged _, Example.Asked _ ->
                        throw new IllegalArgumentException("row " + row.id() + " is no text or pair");
                })
                .toList();
    }

    @Override
    public List<Prediction> answer(List<Example> examples) {
        return answering.apply(examples);
    }

    @Override
    public long tokenizerNanos() {
        return tokenizer.busyNanos();
    }

    @Override
    public void close() {
        try {
            opened.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException("a task closes without a checked exception", impossible);
        }
    }
}
