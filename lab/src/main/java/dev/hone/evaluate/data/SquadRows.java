package dev.hone.evaluate.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.HoneException;
import dev.hone.task.Question;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Questions of SQuAD 1.1 and 2.0; one article of the file is in memory at a time. */
final class SquadRows implements Rows {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String DATA = "data";

    private final DataFile file;
    private final JsonParser parser;
    private final Queue<Example> questions = new ArrayDeque<>();
    private final StrayAnswers strayAnswers;
    private boolean ended;

    SquadRows(DataFile file) {
        this.file = file;
        this.strayAnswers = new StrayAnswers(file);
        try {
            this.parser = MAPPER.createParser(file.open());
        } catch (IOException failure) {
            throw file.failed(failure, 1);
        }
        try {
            findArticles();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private void findArticles() {
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw noArticles();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME
                    && !parser.currentName().equals(DATA)) {
                parser.nextToken();
                parser.skipChildren();
            }
            if (parser.currentToken() != JsonToken.FIELD_NAME || parser.nextToken() != JsonToken.START_ARRAY) {
                throw noArticles();
            }
        } catch (IOException failure) {
            throw broken(failure);
        }
    }

    private HoneException noArticles() {
        return file.wrong(
                line(), "no list \"data\" of articles; give a file of SQuAD 1.1 or 2.0, or choose the task that fits");
    }

    @Override
    public @Nullable Example next() {
        try {
            while (questions.isEmpty() && !ended) {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    long line = line();
                    addArticle(parser.readValueAsTree(), line);
                } else {
                    end();
                }
            }
        } catch (IOException failure) {
            throw broken(failure);
        }
        return questions.poll();
    }

    private void end() throws IOException {
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw file.wrong(line(), "an article is not a JSON object; give a file of SQuAD 1.1 or 2.0");
        }
        ended = true;
        // The rest of the file is read too, so that a file that was cut off does not pass.
        while (parser.nextToken() != null) {
            parser.skipChildren();
        }
    }

    private void addArticle(JsonNode article, long line) {
        for (JsonNode paragraph : article.path("paragraphs")) {
            String context = text(paragraph, "context", line);
            for (JsonNode question : paragraph.path("qas")) {
                add(question, context, line);
            }
        }
    }

    private void add(JsonNode node, String context, long line) {
        String id = text(node, "id", line);
        List<String> answers = new ArrayList<>();
        for (JsonNode answer : node.path("answers")) {
            answers.add(text(answer, "text", line));
        }
        if (node.path("is_impossible").asBoolean() && !answers.isEmpty()) {
            throw file.wrong(line, "question " + id + " is_impossible and has answers; correct one of the two");
        }
        Example.Asked asked = new Example.Asked(id, new Question(text(node, "question", line), context), answers);
        strayAnswers.check(asked, line);
        questions.add(asked);
    }

    private String text(JsonNode node, String field, long line) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            String where =
                    node.path("id").isTextual() ? "question " + node.path("id").textValue() : "an entry";
            throw file.wrong(line, where + " of the article that begins here has no text \"" + field + "\"; add it");
        }
        return value.textValue();
    }

    @Override
    public List<String> notes() {
        return strayAnswers.notes();
    }

    private long line() {
        return parser.currentLocation().getLineNr();
    }

    private HoneException broken(IOException failure) {
        if (failure instanceof JsonProcessingException parse) {
            return file.wrong(
                    line(),
                    "broken JSON at column " + parser.currentLocation().getColumnNr() + ": "
                            + parse.getOriginalMessage() + "; check that the file is complete");
        }
        return file.failed(failure, line());
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException failure) {
            throw broken(failure);
        }
    }
}
