package dev.hone.tokenize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Writes the tokenizer.json that a BERT vocab.txt with its tokenizer_config.json stands for. */
final class WordPieceDescription {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LONGEST_WORD = 100;

    private WordPieceDescription() {}

    static byte[] toJson(byte[] vocabularyFile, JsonValue configuration, String place) {
        Map<String, Integer> vocabulary = vocabulary(vocabularyFile);
        var special = new SpecialTokens(configuration, vocabulary, place);
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        root.set("added_tokens", addedTokens(special));
        root.set("normalizer", normalizer(configuration));
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        root.set("post_processor", postProcessor(special));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", special.unknown())
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", LONGEST_WORD);
        ObjectNode entries = model.putObject("vocab");
        vocabulary.forEach(entries::put);
        try {
            return MAPPER.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values is always writable", e);
        }
    }

    /** One token a line; where a token stands twice the later line counts, as in transformers. */
    private static Map<String, Integer> vocabulary(byte[] file) {
        var vocabulary = new LinkedHashMap<String, Integer>();
        String text = new String(file, StandardCharsets.UTF_8);
        int id = 0;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int to = end < 0 ? text.length() : end;
            int last = to > from && text.charAt(to - 1) == '\r' ? to - 1 : to;
            vocabulary.put(text.substring(from, last), id++);
            from = to + 1;
        }
        return vocabulary;
    }

    private static ObjectNode normalizer(JsonValue configuration) {
        ObjectNode normalizer = MAPPER.createObjectNode();
        normalizer.put("type", "BertNormalizer").put("clean_text", true);
        normalizer.put(
                "handle_chinese_chars",
                configuration.path("tokenize_chinese_chars").truth(true));
        JsonValue stripAccents = configuration.path("strip_accents");
        if (stripAccents.isTruth()) {
            normalizer.put("strip_accents", stripAccents.truth(false));
        } else {
            normalizer.putNull("strip_accents");
        }
        return normalizer.put("lowercase", configuration.path("do_lower_case").truth(true));
    }

    private static ArrayNode addedTokens(SpecialTokens special) {
        ArrayNode added = MAPPER.createArrayNode();
        special.byId()
                .forEach((id, token) -> added.addObject()
                        .put("id", id)
                        .put("content", token)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true));
        return added;
    }

    private static ObjectNode postProcessor(SpecialTokens special) {
        ObjectNode processor = MAPPER.createObjectNode().put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        ArrayNode pair = processor.putArray("pair");
        for (ArrayNode template : List.of(single, pair)) {
            addSpecial(template, special.classification(), 0);
            template.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            addSpecial(template, special.separator(), 0);
        }
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        addSpecial(pair, special.separator(), 1);
        ObjectNode tokens = processor.putObject("special_tokens");
        for (String token : List.of(special.classification(), special.separator())) {
            ObjectNode entry = tokens.putObject(token).put("id", token);
            entry.putArray("ids").add(special.idOf(token));
            entry.putArray("tokens").add(token);
        }
        return processor;
    }

    private static void addSpecial(ArrayNode template, String token, int type) {
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
    }

    /** The special tokens that BERT needs, under the names that the configuration gives them. */
    private static final class SpecialTokens {
        private final Map<String, Integer> vocabulary;
        private final Map<String, String> byRole = new LinkedHashMap<>();
        private final String place;

        SpecialTokens(JsonValue configuration, Map<String, Integer> vocabulary, String place) {
            this.vocabulary = vocabulary;
            this.place = place;
            Map.of("pad", "[PAD]", "unk", "[UNK]", "cls", "[CLS]", "sep", "[SEP]", "mask", "[MASK]")
                    .forEach((role, usual) -> {
                        JsonValue given = configuration.path(role + "_token");
                        String content = (given.isObject() ? given.path("content") : given).text(usual);
                        byRole.put(role, content.isEmpty() ? usual : content);
                    });
        }

        String unknown() {
            return known("unk");
        }

        String classification() {
            return known("cls");
        }

        String separator() {
            return known("sep");
        }

        private String known(String role) {
            String token = Objects.requireNonNull(byRole.get(role));
            idOf(token);
            return token;
        }

        int idOf(String token) {
            Integer id = vocabulary.get(token);
            if (id == null) {
                throw new HoneException(
                        Category.CHECKPOINT,
                        place + ": the special token " + token + " is not in the vocabulary of " + vocabulary.size()
                                + " entries; is this the vocab.txt of a BERT model?");
            }
            return id;
        }

        Map<Integer, String> byId() {
            var byId = new TreeMap<Integer, String>();
            byRole.values().stream().filter(vocabulary::containsKey).forEach(token -> byId.put(idOf(token), token));
            return byId;
        }
    }
}
