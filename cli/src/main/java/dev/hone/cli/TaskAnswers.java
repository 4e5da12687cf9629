package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.task.Answer;
import dev.hone.task.Candidate;
import dev.hone.task.Classification;
import dev.hone.task.Embedder;
import dev.hone.task.Entity;
import dev.hone.task.Hone;
import dev.hone.task.LabelScore;
import dev.hone.task.MaskFiller;
import dev.hone.task.MaskFilling;
import dev.hone.task.Question;
import dev.hone.task.QuestionAnswerer;
import dev.hone.task.TaskKind;
import dev.hone.task.TextClassifier;
import dev.hone.task.TextInput;
import dev.hone.task.TokenClassifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** One task of a model, with its answers as JSON and as lines for people. */
final class TaskAnswers implements AutoCloseable {
    private static final int SHOWN_VALUES = 6;

    private final Function<List<TextInput>, List<InferAnswer>> answers;
    private final AutoCloseable task;
    private final Predicate<TextInput> answerable;

    private TaskAnswers(
            Function<List<TextInput>, List<InferAnswer>> answers, Predicate<TextInput> answerable, AutoCloseable task) {
        this.answers = answers;
        this.answerable = answerable;
        this.task = task;
    }

    /** @param candidates how many tokens are shown for a masked place */
    static TaskAnswers open(Hone model, TaskKind kind, int candidates) {
        return switch (kind) {
            case EMBEDDING -> embeddings(model.embedder());
            case CLASSIFICATION -> classifications(model.classifier());
            case TOKENS -> entities(model.tokenClassifier());
            case QUESTION -> questions(model.questionAnswerer());
            case MASK -> masks(model.maskFiller(), candidates);
        };
    }

    List<InferAnswer> answer(List<TextInput> inputs) {
        return answers.apply(inputs);
    }

    /** Whether the input has what the task needs: a mask, a context, or nothing but one text. */
    boolean canAnswer(TextInput input) {
        return answerable.test(input);
    }

    private static TaskAnswers embeddings(Embedder embedder) {
        return new TaskAnswers(
                inputs -> zip(inputs, List.of(embedder.embed(singles(inputs))), TaskAnswers::embedding),
                TaskAnswers::isSingle,
                embedder);
    }

    private static InferAnswer embedding(TextInput input, float[] values) {
        StringBuilder line = new StringBuilder(input.text()).append("  [");
        for (int i = 0; i < Math.min(SHOWN_VALUES, values.length); i++) {
            line.append(String.format(Locale.ROOT, "%s%.5f", i == 0 ? "" : " ", values[i]));
        }
        line.append(" …] ").append(values.length).append(" values");
        return new InferAnswer(json("text", input.text(), "embedding", values), List.of(line.toString()));
    }

    private static TaskAnswers classifications(TextClassifier classifier) {
        return new TaskAnswers(
                inputs -> zip(inputs, classifier.classifyInputs(inputs), TaskAnswers::classification),
                input -> true,
                classifier);
    }

    private static InferAnswer classification(TextInput input, Classification classification) {
        StringBuilder line = new StringBuilder(input.text());
        if (input.second() != null) {
            line.append(" | ").append(input.second());
        }
        for (LabelScore label : classification.labels()) {
            line.append(String.format(Locale.ROOT, "  %s %.4f", label.label(), label.score()));
        }
        Map<String, Object> json = json("text", input.text(), "labels", classification.labels());
        return new InferAnswer(withSecond(json, input), List.of(line.toString()));
    }

    private static TaskAnswers entities(TokenClassifier classifier) {
        return new TaskAnswers(
                inputs -> zip(inputs, classifier.entities(singles(inputs)), TaskAnswers::entities),
                TaskAnswers::isSingle,
                classifier);
    }

    private static InferAnswer entities(TextInput input, List<Entity> entities) {
        List<String> lines = new ArrayList<>();
        lines.add(input.text());
        for (Entity entity : entities) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-14s %.4f  %s  [%d, %d)",
                    entity.entity(),
                    entity.score(),
                    entity.word(),
                    entity.start(),
                    entity.end()));
        }
        if (entities.isEmpty()) {
            lines.add("  no entities");
        }
        return new InferAnswer(json("text", input.text(), "entities", entities), lines);
    }

    private static TaskAnswers questions(QuestionAnswerer answerer) {
        return new TaskAnswers(
                inputs -> answerer
                        .answer(inputs.stream().map(TaskAnswers::question).toList())
                        .stream()
                        .map(TaskAnswers::answer)
                        .toList(),
                input -> input.second() != null,
                answerer);
    }

    private static Question question(TextInput input) {
        String context = input.second();
        if (context == null) {
            throw new HoneException(
                    Category.USAGE, "a question needs a context: give --question Q --context C, or Q --pair C");
        }
        return new Question(input.text(), context);
    }

    private static InferAnswer answer(Answer answer) {
        Map<String, Object> json = json("question", answer.question(), "answer", answer.answer());
        json.put("score", answer.score());
        json.put("start", answer.start());
        json.put("end", answer.end());
        String found = answer.answer().isEmpty()
                ? "no answer"
                : answer.answer() + "  [" + answer.start() + ", " + answer.end() + ")";
        String line = String.format(Locale.ROOT, "%s  %s  %.4f", answer.question(), found, answer.score());
        return new InferAnswer(json, List.of(line));
    }

    private static TaskAnswers masks(MaskFiller filler, int candidates) {
        return new TaskAnswers(
                inputs -> zip(inputs, filler.fill(singles(inputs), candidates), TaskAnswers::filling),
                input -> isSingle(input) && input.text().contains(filler.maskToken()),
                filler);
    }

    private static InferAnswer filling(TextInput input, MaskFilling filling) {
        List<String> lines = new ArrayList<>();
        lines.add(input.text());
        for (List<Candidate> mask : filling.masks()) {
            StringBuilder line = new StringBuilder(" ");
            mask.forEach(candidate ->
                    line.append(String.format(Locale.ROOT, " %s %.4f", candidate.token(), candidate.score())));
            lines.add(line.toString());
        }
        Map<String, Object> json = json("text", input.text(), "candidates", filling.candidates());
        if (filling.masks().size() > 1) {
            json.put("masks", filling.masks());
        }
        return new InferAnswer(json, lines);
    }

    private static boolean isSingle(TextInput input) {
        return input.second() == null;
    }

    private static List<String> singles(List<TextInput> inputs) {
        for (TextInput input : inputs) {
            if (!isSingle(input)) {
                throw new HoneException(
                        Category.USAGE, "this task takes single texts: leave --pair and --question away");
            }
        }
        return inputs.stream().map(TextInput::text).toList();
    }

    private static Map<String, Object> withSecond(Map<String, Object> json, TextInput input) {
        String second = input.second();
        if (second != null) {
            json.put("pair", second);
        }
        return json;
    }

    private static Map<String, Object> json(String name, Object value, String otherName, Object otherValue) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(name, value);
        json.put(otherName, otherValue);
        return json;
    }

    private static <T> List<InferAnswer> zip(
            List<TextInput> inputs, List<T> answers, BiFunction<TextInput, T, InferAnswer> both) {
        List<InferAnswer> zipped = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            zipped.add(both.apply(inputs.get(i), answers.get(i)));
        }
        return zipped;
    }

    @Override
    public void close() {
        try {
            task.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("a task could not be closed", failure);
        }
    }
}
