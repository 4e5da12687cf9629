package dev.hone.tokenize;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads a tokenizer.json once before the native library does.
 *
 * <p>The library ends the process where it meets JSON that is not well formed inside some of its parts, or a template
 * that names a special token without defining it. Both are refused here.
 */
final class TokenizerJson {
    // The native parser gives up at 128 levels.
    private static final int DEEPEST = 100;
    private static final JsonMapper MAPPER = new JsonMapper();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build());
    }

    private final String place;
    private Optional<String> continuationPrefix = Optional.empty();
    private Optional<String> unknownToken = Optional.empty();

    private TokenizerJson(String place) {
        this.place = place;
    }

    /** @throws HoneException of category {@code CHECKPOINT} when the content cannot be handed to the library */
    static TokenizerDescription.Model check(byte[] json, String place) {
        var reader = new TokenizerJson(place);
        try (JsonParser parser = MAPPER.createParser(json)) {
            reader.root(parser);
        } catch (JsonProcessingException e) {
            throw new HoneException(Category.CHECKPOINT, place + ": not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new HoneException(Category.CHECKPOINT, place + ": cannot be read: " + e, e);
        }
        return new TokenizerDescription.Model(reader.continuationPrefix, reader.unknownToken);
    }

    private void root(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw damaged("it is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken first = parser.nextToken();
            if (field.equals("post_processor")) {
                JsonNode processor = parser.readValueAsTree();
                checkText(processor);
                checkProcessor(processor);
            } else if (field.equals("model") && first == JsonToken.START_OBJECT) {
                model(parser);
            } else {
                skip(parser);
            }
        }
        if (parser.nextToken() != null) {
            throw damaged("something follows its end");
        }
    }

    private void model(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            checkText(field);
            JsonToken first = parser.nextToken();
            Optional<String> text = first == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
            switch (field) {
                case "continuing_subword_prefix" -> continuationPrefix = text.filter(value -> !value.isEmpty());
                case "unk_token" -> unknownToken = text;
                default -> {}
            }
            skip(parser);
        }
    }

    /** Moves to the end of the value that starts here, looking at each of its texts and numbers. */
    private void skip(JsonParser parser) throws IOException {
        int depth = 0;
        JsonToken token = parser.currentToken();
        while (true) {
            if (token == null) {
                throw damaged("it ends early");
            }
            switch (token) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case FIELD_NAME, VALUE_STRING -> checkText(parser.getText());
                case VALUE_NUMBER_FLOAT -> checkFinite(parser.getDoubleValue());
                default -> {}
            }
            if (depth == 0) {
                return;
            }
            token = parser.nextToken();
        }
    }

    private void checkText(JsonNode node) {
        checkText(node.asText());
        if (node.isNumber()) {
            checkFinite(node.doubleValue());
        }
        node.forEach(this::checkText);
        node.fieldNames().forEachRemaining(this::checkText);
    }

    private void checkText(String text) {
        if (!UnicodeText.wellFormed(text).equals(text)) {
            throw damaged("it holds half a surrogate pair");
        }
    }

    private void checkFinite(double number) {
        if (!Double.isFinite(number)) {
            throw damaged("it holds a number that is too large");
        }
    }

    private void checkProcessor(JsonNode processor) {
        processor.path("processors").forEach(this::checkProcessor);
        JsonNode defined = processor.path("special_tokens");
        for (String template : new String[] {"single", "pair"}) {
            for (JsonNode piece : processor.path(template)) {
                JsonNode special = piece.path("SpecialToken").path("id");
                if (special.isTextual() && !isDefined(defined.path(special.textValue()))) {
                    throw damaged("its template uses the special token " + special + " without defining it");
                }
            }
        }
    }

    private static boolean isDefined(JsonNode special) {
        int ids = special.path("ids").size();
        return ids > 0 && ids == special.path("tokens").size();
    }

    private HoneException damaged(String what) {
        return new HoneException(
                Category.CHECKPOINT,
                place + ": the tokenizer cannot be read: " + what + "; fetch or save tokenizer.json again");
    }
}
