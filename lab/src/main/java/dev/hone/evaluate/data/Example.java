package dev.hone.evaluate.data;

import dev.hone.task.Question;
import dev.hone.task.TextInput;
import java.util.List;

/** A row of data: what a model is asked, and what is right. */
public sealed interface Example {
    /** The row's name in its file, else its number from 0. */
    String id();

    /** Its texts: the words of a sentence with blanks between, a question and its context as a pair. */
    TextInput input();

    /** Characters of its texts: rows that are about as long are run together. */
    int characters();

    /**
     * A text or a pair with a label.
     *
     * @param label as the file has it: a name or the number of a class
     * @param place file and line, for messages
     */
    record Labelled(String id, TextInput input, String label, String place) implements Example {
        @Override
        public int characters() {
            return length(input);
        }
    }

    /** A pair with a grade of how alike its texts are. */
    record Graded(String id, TextInput input, double grade) implements Example {
        @Override
        public int characters() {
            return length(input);
        }
    }

    /** The words of a sentence, and a tag for each. */
    record Tagged(String id, List<String> words, List<String> tags) implements Example {
        public Tagged {
            words = List.copyOf(words);
            tags = List.copyOf(tags);
        }

        @Override
        public TextInput input() {
            return TextInput.of(String.join(" ", words));
        }

        @Override
        public int characters() {
            return words.stream().mapToInt(word -> word.length() + 1).sum();
        }
    }

    /** A question to a context; no answer is accepted where it has none. */
    record Asked(String id, Question question, List<String> answers) implements Example {
        public Asked {
            answers = List.copyOf(answers);
        }

        @Override
        public TextInput input() {
            return TextInput.pair(question.question(), question.context());
        }

        @Override
        public int characters() {
            return question.question().length() + question.context().length();
        }
    }

    private static int length(TextInput input) {
        String second = input.second();
        return input.text().length() + (second == null ? 0 : second.length());
    }
}
