package dev.hone.cli;

import dev.hone.calibrate.TokenTexts;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.EngineSession;
import dev.hone.engines.OnnxRuntimeEngine;
import dev.hone.optimize.SamplePair;
import dev.hone.session.TokenBatch;
import dev.hone.tokenize.TextTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The texts on which a quantised model is held against its original. */
final class CalibrationOptions {
    private static final int LONGEST = 128;
    private static final int HELD_OUT = 100;
    private static final long SEED = 11;

    @Option(names = "--compare", paramLabel = "FILE", description = "Texts, one a line; default: bundled ones.")
    private @Nullable Path compared;

    @Option(
            names = "--no-compare",
            description = "Write the file without a comparison of its answers with the original's.")
    private boolean silent;

    boolean compares() {
        return !silent;
    }

    /** Sequences that nothing was calibrated on. */
    List<TokenBatch> heldOut(Path model) {
        List<String> texts =
                compared != null ? TokenTexts.lines(compared, HELD_OUT) : SamplePair.texts(SamplePair.bundled());
        return encoded(model, texts.subList(0, Math.min(HELD_OUT, texts.size())));
    }

    private static List<TokenBatch> encoded(Path model, List<String> texts) {
        Path folder = ModelFacts.folder(model);
        int longest = Math.min(LONGEST, longest(model));
        if (!Files.exists(folder.resolve("tokenizer.json")) && !Files.exists(folder.resolve("vocab.txt"))) {
            int vocabulary = TokenTexts.vocabulary(model);
            return TokenTexts.drawn(texts.size(), vocabulary, longest, SEED);
        }
        try (TextTokenizer tokenizer = TextTokenizer.open(folder)) {
            return TokenTexts.encoded(texts, tokenizer, longest);
        }
    }

    private static int longest(Path model) {
        try (EngineSession session = new OnnxRuntimeEngine().open(model, EngineOptions.ofThreads(1))) {
            return session.maximumLength();
        }
    }
}
