package dev.hone.task;

import dev.hone.tokenize.Encoding;
import java.util.ArrayList;
import java.util.List;

/**
 * The label of each token of a text that was made of words.
 *
 * @param labels one a token, special tokens included
 */
record WordLabels(Encoding encoding, List<String> labels) {
    private static final String OUTSIDE = "O";

    /** The label of the first token of each word, where the text is the words with a space between them. */
    List<String> of(List<String> words) {
        var result = new ArrayList<String>();
        int token = 0;
        int start = 0;
        for (String word : words) {
            int end = start + word.codePointCount(0, word.length());
            while (token < encoding.length() && (encoding.special()[token] || encoding.ends()[token] <= start)) {
                token++;
            }
            boolean found = token < encoding.length() && encoding.starts()[token] < end;
            result.add(found ? labels.get(token) : OUTSIDE);
            start = end + 1;
        }
        return result;
    }
}
