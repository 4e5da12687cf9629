package dev.hone.task;

import dev.hone.tokenize.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/**
 * Finds the answer to a question in a text of any length, or that there is none.
 *
 * <p>Long contexts are read in overlapping windows; the question is never cut. Safe for concurrent calls.
 */
public final class QuestionAnswerer implements AutoCloseable {
    private static final String START = "start_logits";
    private static final String END = "end_logits";

    // Windows of so many questions are sorted by length together.
    private static final int CHUNK = 64;

    private final TextModel model;
    private final QuestionOptions options;

    QuestionAnswerer(TextModel model, QuestionOptions options) {
        this.model = model;
        this.options = options;
        model.require("question answering", START, END);
    }

    /** The best answer to each question, in the order given. */
    public List<Answer> answer(List<Question> questions) {
        return answer(questions.stream()).toList();
    }

    /** The best answer to one question. */
    public Answer answer(String question, String context) {
        return answerChunk(List.of(new Question(question, context))).getFirst();
    }

    /** As {@link #answer(List)}, each answer made when it is asked for. */
    public Stream<Answer> answer(Stream<Question> questions) {
        return questions.gather(Gatherers.windowFixed(CHUNK)).flatMap(chunk -> answerChunk(chunk).stream());
    }

    private List<Answer> answerChunk(List<Question> questions) {
        model.checkOpen();
        int maximumLength = Math.min(options.maximumLength(), model.maximumLength());
        var windows = new ArrayList<Encoding>();
        var searches = new ArrayList<AnswerSearch>();
        var searchOfWindow = new ArrayList<AnswerSearch>();
        for (Question question : questions) {
            var search = new AnswerSearch(question, options);
            searches.add(search);
            for (Encoding window : model.tokenizer()
                    .windows(question.question().stripLeading(), question.context(), maximumLength, options.stride())) {
                windows.add(window);
                searchOfWindow.add(search);
            }
        }
        model.run(
                windows,
                (index, outputs) -> searchOfWindow
                        .get(index)
                        .add(
                                windows.get(index),
                                outputs.rows(START).all(),
                                outputs.rows(END).all()));
        return searches.stream().map(AnswerSearch::choose).toList();
    }

    @Override
    public void close() {
        model.close();
    }
}
