package dev.hone.tokenize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.json.JsonScanner;
import dev.hone.json.JsonValue;
import java.util.Optional;

/**
 * Reads a tokenizer.json once before the native library does.
 *
 * <p>The library ends the process where it meets JSON that is not well formed inside some of its parts, or a template
 * that names a special token without defining it. Both are refused here.
 */
final class TokenizerJson {
    private final String place;
    private Optional<String> continuationPrefix = Optional.empty();
    private Optional<String> unknownToken = Optional.empty();

    private TokenizerJson(String place) {
        this.place = place;
    }

    /** @throws HoneException of category {@code CHECKPOINT} when the content cannot be handed to the library */
    static TokenizerDescription.Model check(byte[] json, String place) {
        var reader = new TokenizerJson(place);
        try {
            reader.root(new JsonScanner(json));
        } catch (IllegalArgumentException e) {
            throw new HoneException(Category.CHECKPOINT, place + ": not valid JSON: " + e.getMessage(), e);
        }
        return new TokenizerDescription.Model(reader.continuationPrefix, reader.unknownToken);
    }

    private void root(JsonScanner scanner) {
        if (!scanner.isObject()) {
            throw damaged("it is not a JSON object");
        }
        for (boolean more = scanner.firstField(); more; more = scanner.nextField()) {
            String field = scanner.name();
            if (field.equals("post_processor")) {
                checkProcessor(scanner.value());
            } else if (field.equals("model") && scanner.isObject()) {
                model(scanner);
            } else {
                scanner.skip();
            }
        }
        scanner.end();
    }

    private void model(JsonScanner scanner) {
        for (boolean more = scanner.firstField(); more; more = scanner.nextField()) {
            switch (scanner.name()) {
                case "continuing_subword_prefix" ->
                    continuationPrefix =
                            Optional.ofNullable(scanner.value().text("")).filter(text -> !text.isEmpty());
                case "unk_token" ->
                    unknownToken = Optional.ofNullable(scanner.value().text());
                default -> scanner.skip();
            }
        }
    }

    private void checkProcessor(JsonValue processor) {
        for (JsonValue part : processor.path("processors").elements()) {
            checkProcessor(part);
        }
        JsonValue defined = processor.path("special_tokens");
        for (String template : new String[] {"single", "pair"}) {
            for (JsonValue piece : processor.path(template).elements()) {
                String special = piece.path("SpecialToken").path("id").text();
                if (special != null && !isDefined(defined.path(special))) {
                    throw damaged("its template uses the special token " + special + " without defining it");
                }
            }
        }
    }

    private static boolean isDefined(JsonValue special) {
        int ids = special.path("ids").size();
        return ids > 0 && ids == special.path("tokens").size();
    }

    private HoneException damaged(String what) {
        return new HoneException(
                Category.CHECKPOINT,
                place + ": the tokenizer cannot be read: " + what + "; fetch or save tokenizer.json again");
    }
}
