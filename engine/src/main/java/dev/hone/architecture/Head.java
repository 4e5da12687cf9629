package dev.hone.architecture;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Configuration;
import java.util.Arrays;
import java.util.List;

/** What stands on top of an encoder, by the ending of the class name in {@code architectures}. */
enum Head {
    SEQUENCE_CLASSIFICATION("ForSequenceClassification"),
    TOKEN_CLASSIFICATION("ForTokenClassification"),
    QUESTION_ANSWERING("ForQuestionAnswering"),
    MASKED_LANGUAGE_MODEL("ForMaskedLM"),
    /** The encoder alone; the heads of pre-training are left unused, and the report of loading says so. */
    NONE("Model", "ForPreTraining");

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of, which is immutable.
    private final List<String> endings;

    /** Classes of a generation before {@code For…}: with a head, though they end like an encoder alone. */
    private static final List<String> HEADS_OF_OTHER_NAMES = List.of("HeadModel", "HeadsModel");

    Head(String... endings) {
        this.endings = List.of(endings);
    }

    /** The head that the configuration names; none where it names nothing. */
    static Head of(Configuration configuration) {
        List<String> names = configuration.texts("architectures");
        if (names.isEmpty()) {
            return NONE;
        }
        for (Head head : values()) {
            if (!isOtherHead(names.getFirst()) && head.endings.stream().anyMatch(names.getFirst()::endsWith)) {
                return head;
            }
        }
        List<String> known =
                Arrays.stream(values()).flatMap(head -> head.endings.stream()).toList();
        throw new HoneException(
                Category.UNSUPPORTED,
                configuration.file() + ": the head of " + names.getFirst() + " is not known; known endings are "
                        + String.join(", ", known));
    }

    private static boolean isOtherHead(String name) {
        return HEADS_OF_OTHER_NAMES.stream().anyMatch(name::endsWith);
    }
}
