package dev.hone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.HoneException;
import dev.hone.graph.Op;
import dev.hone.quantize.Calibration;
import dev.hone.quantize.RangeMethod;
import dev.hone.quantize.Scheme;
import dev.hone.session.Calibrator.Settings;
import dev.hone.tensor.RowRange;
import dev.hone.testkit.ReferenceEncoder;
import dev.hone.testkit.TinyBert;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calibration on a small model, and the compiled model with what it found. */
@Tag("native")
final class CalibratorTest {
    private static final Calibrator.Listener SILENT = new Calibrator.Listener() {
        @Override
        public void begin(int texts) {}

        @Override
        public void ran() {}
    };

    @TempDir
    private Path directory;

    private final List<TokenBatch> texts = new ArrayList<>();

    @BeforeEach
    void write() {
        TinyBert.classifier(66, 96).write(directory);
        SplittableRandom random = new SplittableRandom(8);
        for (int text = 0; text < 12; text++) {
            int[] ids = random.ints(random.nextInt(1, TinyBert.POSITIONS + 1), 0, TinyBert.VOCABULARY)
                    .toArray();
            texts.add(TokenBatch.of(ids));
        }
    }

    private static SessionOptions options(String scheme) {
        return SessionOptions.defaults().withThreads(1).withScheme(Scheme.parse(scheme));
    }

    private Calibration calibrate(SessionOptions options, long bytes) {
        return new Calibrator(directory, options, new Settings(RangeMethod.MINMAX, bytes), SILENT).run(texts);
    }

    /** The reference computes the same graph; a bit of a row's sum may decide for a step, no more than a few do. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "int8,activations:static",
                "int8,activations:static-symmetric,weights:per-tensor",
                "int8,activations:static,smooth:0.5",
                "int8,smooth:0.5",
                "int8,activations:static,f32:layer.0.output"
            })
    void compiledAndReferenceAgree(String text) {
        SessionOptions options = options(text);
        options = options.withCalibration(calibrate(options, 1L << 30)).withPortable(true);
        try (Session session = Session.open(directory, options);
                Session original = Session.open(directory, options("f32"));
                ReferenceEncoder reference = new ReferenceEncoder(session.graph(), TinyBert.POSITIONS)) {
            boolean fixed = text.contains("static");
            assertThat(session.graph().nodes().stream()
                            .map(node -> node.op())
                            .filter(Op.QuantizedLinear.class::isInstance))
                    .isNotEmpty()
                    .allMatch(op -> ((Op.QuantizedLinear) op).range().isOwn() != fixed);
            for (TokenBatch batch : texts) {
                near(session, reference, batch, 0.02f);
                near(session, original, batch, 0.2f);
            }
        }
    }

    private static void near(Encoder encoder, Encoder other, TokenBatch batch, float most) {
        float[] wanted = other.run(batch).get("logits").values();
        float[] found = encoder.run(batch).get("logits").values();
        assertThat(found).hasSameSizeAs(wanted).isNotEmpty();
        for (int index = 0; index < wanted.length; index++) {
            assertThat(found[index]).isCloseTo(wanted[index], within(most));
        }
    }

    @Test
    void littleMemoryFindsTheSame() {
        SessionOptions options = options("int8,activations:static,smooth:0.5");
        List<Integer> stretches = new ArrayList<>();
        Calibrator.Listener listener = new Calibrator.Listener() {
            @Override
            public void begin(int count) {
                stretches.add(count);
            }

            @Override
            public void ran() {}
        };
        Calibration narrow =
                new Calibrator(directory, options, new Settings(RangeMethod.MINMAX, 1), listener).run(texts);
        assertThat(stretches)
                .as("one stretch for each layer, for sizes and for ranges")
                .hasSizeGreaterThan(4);
        assertThat(narrow.ranges()).isEqualTo(calibrate(options, 1L << 30).ranges());
        assertThat(narrow.ranges().values()).allMatch(range -> !range.isOwn());
        assertThat(narrow.ranges().values().stream().map(RowRange::high)).allMatch(high -> high > 0);
    }

    @Test
    void stopsWhenTheListenerDoes() {
        Calibrator.Listener impatient = new Calibrator.Listener() {
            @Override
            public void begin(int count) {}

            @Override
            public void ran() {
                throw new CancellationException();
            }
        };
        Calibrator calibrator = new Calibrator(
                directory, options("int8,activations:static"), Settings.of(RangeMethod.ENTROPY), impatient);
        assertThatThrownBy(() -> calibrator.run(texts)).isInstanceOf(CancellationException.class);
    }

    @Test
    void asksForTextsWhereTheyAreNeeded() {
        SessionOptions options = options("int8,activations:static");
        assertThatThrownBy(() -> Session.open(directory, options))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("needs calibration");
        Calibrator calibrator = new Calibrator(directory, options, Settings.of(RangeMethod.MINMAX), SILENT);
        assertThatThrownBy(() -> calibrator.run(List.of()))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("nothing to calibrate with");
        Calibrator idle = new Calibrator(directory, options("int8"), Settings.of(RangeMethod.MINMAX), SILENT);
        assertThat(idle.run(List.of())).isEqualTo(Calibration.NONE);
    }
}
