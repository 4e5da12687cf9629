package dev.hone.task;

import dev.hone.task.EntityGroups.Piece;
import dev.hone.task.EntityGroups.Span;
import dev.hone.task.EntityGroups.Tagged;
import dev.hone.tokenize.Encoding;
import dev.hone.tokenize.TokenizerDescription;
import dev.hone.tokenize.UnicodeText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds the stretches of a text that the model has labels for, such as names of people.
 *
 * <p>Safe for concurrent calls. Texts longer than the model allows are cut at the end.
 */
public final class TokenClassifier implements AutoCloseable {
    private static final String TASK = "token classification";
    private static final String LOGITS = "logits";

    private final TextModel model;
    private final Aggregation aggregation;
    private final boolean marksContinuations;
    private final int unknown;

    TokenClassifier(TextModel model, Aggregation aggregation) {
        this.model = model;
        this.aggregation = aggregation;
        model.require(TASK, LOGITS);
        TokenizerDescription.Model description = model.tokenizer().description().model();
        this.marksContinuations = description.continuationPrefix().isPresent();
        this.unknown = description.unknownToken().map(model.tokenizer()::idOf).orElse(-1);
    }

    /** The entities of each text in the order of the text, texts in the order given. */
    public List<List<Entity>> entities(List<String> texts) {
        return model.answer(texts.stream().map(TextInput::of).toList(), TextModel.TOKEN_BUDGET, this::read);
    }

    /** The entities of one text. */
    public List<Entity> entities(String text) {
        return entities(List.of(text)).getFirst();
    }

    /** As {@link #entities(List)}, each answer made when it is asked for. */
    public Stream<List<Entity>> entities(Stream<String> texts) {
        return model.stream(texts.map(TextInput::of), TextModel.TOKEN_BUDGET, this::read);
    }

    /**
     * A label for each word of sentences that are words already, as in CoNLL files: that of the word's first token.
     *
     * <p>The words are joined by spaces. A word that has no token, because the sentence is too long for the model or
     * the tokenizer drops it, is labelled {@code O}.
     */
    public List<List<String>> labelWords(List<List<String>> sentences) {
        List<TextInput> texts = sentences.stream()
                .map(words -> TextInput.of(String.join(" ", words)))
                .toList();
        List<WordLabels> labels = model.answer(texts, TextModel.TOKEN_BUDGET, this::readLabels);
        return IntStream.range(0, sentences.size())
                .mapToObj(index -> labels.get(index).of(sentences.get(index)))
                .toList();
    }

    private WordLabels readLabels(TextInput input, Encoding encoding, SequenceOutputs outputs) {
        OutputRows logits = outputs.tokenRows(TASK, LOGITS);
        List<String> labels = IntStream.range(0, encoding.length())
                .mapToObj(token ->
                        model.configuration().label(Scores.best(Scores.widen(logits.row(token))), logits.width()))
                .toList();
        return new WordLabels(encoding, labels);
    }

    private List<Entity> read(TextInput input, Encoding encoding, SequenceOutputs outputs) {
        OutputRows logits = outputs.tokenRows(TASK, LOGITS);
        List<String> labels = IntStream.range(0, logits.width())
                .mapToObj(label -> model.configuration().label(label, logits.width()))
                .toList();
        var pieces = new ArrayList<Piece>();
        int[] text = UnicodeText.wellFormed(input.text()).codePoints().toArray();
        for (int token = 0; token < encoding.length(); token++) {
            if (!encoding.special()[token]) {
                pieces.add(piece(text, encoding, token, Scores.softmax(logits.row(token))));
            }
        }
        return new EntityGroups(labels, aggregation)
                .of(pieces).stream().map(this::entity).toList();
    }

    private Piece piece(int[] text, Encoding encoding, int token, double[] scores) {
        var span = new Span(encoding.starts()[token], encoding.ends()[token]);
        int id = encoding.ids()[token];
        if (id == unknown) {
            return new Piece(id, new String(text, span.start(), span.end() - span.start()), span, scores, false);
        }
        String word = encoding.tokens()[token];
        boolean continues = marksContinuations
                ? word.codePointCount(0, word.length()) != span.end() - span.start()
                : span.start() > 0 && text[span.start() - 1] != ' ' && !startsWithSpace(text, span);
        return new Piece(id, word, span, scores, continues);
    }

    private static boolean startsWithSpace(int[] text, Span span) {
        return span.start() < text.length && text[span.start()] == ' ';
    }

    private Entity entity(Tagged tagged) {
        String word =
                aggregation == Aggregation.NONE ? tagged.pieces().getFirst().word() : spelled(tagged.pieces());
        return new Entity(tagged.label(), tagged.score(), word, tagged.start(), tagged.end());
    }

    /** Decodes runs of known tokens; unknown ones are spelled as the text does. */
    private String spelled(List<Piece> pieces) {
        var parts = new ArrayList<String>();
        int from = 0;
        while (from < pieces.size()) {
            int to = from;
            while (to < pieces.size() && pieces.get(to).id() != unknown) {
                to++;
            }
            if (to > from) {
                int[] ids =
                        pieces.subList(from, to).stream().mapToInt(Piece::id).toArray();
                parts.add(model.tokenizer().decode(ids));
            }
            if (to < pieces.size()) {
                parts.add(pieces.get(to).word());
                to++;
            }
            from = to;
        }
        return String.join(" ", parts);
    }

    @Override
    public void close() {
        model.close();
    }
}
