package dev.hone.evaluate.data;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which columns of a table hold what.
 *
 * @param given names that the user gave, by role
 */
public record Columns(Map<Role, String> given) {
    /** What a column may be for. */
    public enum Role {
        TEXT("text"),
        PAIR("text_b"),
        LABEL("label"),
        SCORE("score"),
        ID("id"),
        QUESTION("question"),
        CONTEXT("context"),
        ANSWERS("answers"),
        WORDS("words"),
        TAGS("tags");

        private final String word;

        Role(String word) {
            this.word = word;
        }
    }

    /**
     * The names by which published sets call a column, in the order in which they are looked for: those of GLUE, of its
     * copies on the Hugging Face hub, and common ones. QNLI asks a {@code question} of a {@code sentence}, SST-2 has a
     * {@code sentence} alone.
     */
    private static final Map<Role, List<String>> KNOWN = Map.of(
            Role.TEXT,
            List.of("text_a", "text", "sentence1", "question1", "#1 String", "premise", "question", "sentence"),
            Role.PAIR,
            List.of("text_b", "sentence2", "question2", "#2 String", "hypothesis", "sentence"),
            Role.LABEL,
            List.of("label", "gold_label", "is_duplicate", "Quality", "labels"),
            Role.SCORE,
            List.of("score", "similarity_score", "label"),
            Role.ID,
            List.of("id", "idx", "index", "pairID"),
            Role.QUESTION,
            List.of("question"),
            Role.CONTEXT,
            List.of("context", "passage"),
            Role.ANSWERS,
            List.of("answers.text", "answers"),
            Role.WORDS,
            List.of("tokens", "words"),
            Role.TAGS,
            List.of("ner_tags", "tags"));

    private static final String ROLES = String.join(
            ", ", Arrays.stream(Role.values()).map(role -> role.word).toList());

    public Columns {
        given = Map.copyOf(given);
    }

    /**
     * Reads {@code text=content}, {@code label=stars} and the like; roles are text (or text_a), text_b, label, score,
     * id, question, context, answers, words and tags.
     *
     * @throws HoneException of category {@code USAGE} for anything else
     */
    public static Columns parse(List<String> assignments) {
        Map<Role, String> names = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            Optional<Role> known =
                    role(equals < 0 ? "" : assignment.substring(0, equals).strip());
            if (known.isEmpty() || equals == assignment.length() - 1) {
                throw new HoneException(
                        Category.USAGE, "column '" + assignment + "': write ROLE=NAME, ROLE one of " + ROLES);
            }
            names.put(known.get(), assignment.substring(equals + 1));
        }
        return new Columns(names);
    }

    private static Optional<Role> role(String word) {
        for (Role role : Role.values()) {
            if (role.word.equals(word) || (role == Role.TEXT && word.equals("text_a"))) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** The name of the column for a role among those that are there. */
    Optional<String> find(Role role, Set<String> present) {
        String named = given.get(role);
        if (named != null) {
            return Optional.of(named).filter(present::contains);
        }
        return KNOWN.getOrDefault(role, List.of()).stream()
                .filter(present::contains)
                .findFirst();
    }

    /** What to tell when {@link #find} finds nothing. */
    String missing(Role role, Set<String> present) {
        String named = given.getOrDefault(role, role.word);
        return "no column '" + named + "' among " + present + "; name it with --column " + role.word + "=NAME";
    }

    static boolean isKnown(String name) {
        return KNOWN.values().stream().anyMatch(names -> names.contains(name));
    }
}
