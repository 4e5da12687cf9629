package dev.hone.evaluate.metric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How answers are compared in SQuAD: without case, ASCII punctuation, articles and extra white space (Rajpurkar et al.,
 * SQuAD: 100,000+ Questions for Machine Comprehension of Text, 2016, section 6.1).
 *
 * <p>Letters, digits and white space are those of Python's {@code str}, which the official scripts use.
 */
public final class SquadText {
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    private static final String WORD = "[\\p{L}\\p{N}_]";
    private static final Pattern ARTICLES = Pattern.compile("(?<!" + WORD + ")(?:a|an|the)(?!" + WORD + ")");
    private static final Pattern SPACES =
            Pattern.compile("[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+");

    private SquadText() {}

    /** The words that count. */
    static List<String> words(String answer) {
        String lower = answer.toLowerCase(Locale.ROOT);
        String plain = PUNCTUATION.matcher(lower).replaceAll("");
        String bare = ARTICLES.matcher(plain).replaceAll(" ");
        var words = new ArrayList<String>();
        for (String word : SPACES.split(bare, -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /** 1 when nothing that counts differs, else 0. */
    public static double exact(String answer, String gold) {
        return words(answer).equals(words(gold)) ? 1 : 0;
    }

    /** Harmonic mean of precision and recall over the bag of words; where a side has no word, 1 if both have none. */
    public static double f1(String answer, String gold) {
        List<String> answered = words(answer);
        List<String> expected = words(gold);
        if (answered.isEmpty() || expected.isEmpty()) {
            return answered.isEmpty() && expected.isEmpty() ? 1 : 0;
        }
        int common = common(answered, expected);
        if (common == 0) {
            return 0;
        }
        double precision = (double) common / answered.size();
        double recall = (double) common / expected.size();
        return 2 * precision * recall / (precision + recall);
    }

    private static int common(List<String> first, List<String> second) {
        Map<String, Integer> left = new HashMap<>();
        first.forEach(word -> left.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : second) {
            int count = left.getOrDefault(word, 0);
            if (count > 0) {
                common++;
                left.put(word, count - 1);
            }
        }
        return common;
    }
}
