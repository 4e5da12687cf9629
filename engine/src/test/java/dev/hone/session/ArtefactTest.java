package dev.hone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.artefact.Artefact;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.quantize.Precision;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Artefacts answer as the sessions they were compiled from, and refuse what they are not. */
@Tag("native")
class ArtefactTest {
    private static final Isa HERE = Machine.detect().isa();

    @TempDir
    Path folder;

    private Path compiled(Precision precision, List<Isa> targets, Path place) throws IOException {
        SessionOptions options = SessionOptions.defaults().withPrecision(precision);
        ArtefactCompiler.compile(model(), options, targets, place, "test");
        return place;
    }

    private Path model() throws IOException {
        Path model = folder.resolve("model");
        if (!Files.exists(model)) {
            TinyBert.classifier(64, 80).write(Files.createDirectory(model));
        }
        return model;
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void answersWithTheBitsOfItsSession(Precision precision) throws IOException {
        Path place = compiled(precision, List.of(HERE), folder.resolve("artefact"));
        TokenBatch batch = TokenBatch.of(new int[] {1, 2, 3}, new int[] {4, 5, 6, 7, 8, 9, 3});
        try (Session direct = Session.open(model(), SessionOptions.defaults().withPrecision(precision));
                Session opened = Session.open(place, SessionOptions.defaults().withPrecision(precision))) {
            assertThat(opened.outputNames()).isEqualTo(direct.outputNames()).isNotEmpty();
            assertThat(opened.maximumLength()).isEqualTo(direct.maximumLength());
            for (String name : direct.outputNames()) {
                assertThat(opened.run(batch).get(name).values())
                        .isEqualTo(direct.run(batch).get(name).values());
            }
        }
        assertThat(place.resolve("config.json")).exists();
    }

    /** People write ./artefact and ../artefact: how a folder is named says nothing of what lies in it. */
    @Test
    void isFoundUnderEveryNameOfItsFolder() throws IOException {
        Path place = compiled(Precision.F32, List.of(HERE), folder.resolve("artefact"));
        Path other = Files.createDirectory(folder.resolve("other"));
        for (Path name : List.of(
                folder.resolve("./artefact"), other.resolve("../artefact"), place.resolve("./" + Artefact.PLAN))) {
            try (Session session = Session.open(name, SessionOptions.defaults())) {
                assertThat(session.outputNames()).as(name.toString()).isNotEmpty();
            }
        }
    }

    @Test
    void oneFileServesEveryInstructionSetItWasCompiledFor() throws IOException {
        List<Isa> all = Stream.of(Isa.values()).filter(HERE::includes).toList();
        Path place = compiled(Precision.INT8, all, folder.resolve("artefact"));
        TokenBatch batch = TokenBatch.of(new int[] {1, 2, 3});
        for (Isa isa : all) {
            SessionOptions options = SessionOptions.defaults().withIsa(isa).withPrecision(Precision.INT8);
            try (Session direct = Session.open(model(), options);
                    Session opened = Session.open(place, options)) {
                String name = direct.outputNames().getFirst();
                assertThat(opened.run(batch).get(name).values())
                        .as(isa.label())
                        .isEqualTo(direct.run(batch).get(name).values());
            }
        }
    }

    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        Path first = compiled(Precision.INT8, List.of(HERE), folder.resolve("first"));
        Path second = compiled(Precision.INT8, List.of(HERE), folder.resolve("second"));
        assertThat(first.resolve(Artefact.PLAN)).hasSameBinaryContentAs(second.resolve(Artefact.PLAN));
    }

    @Test
    void refusesAnotherPrecisionAnotherProcessorAndUnknownOutputs() throws IOException {
        Path place = compiled(Precision.INT8, List.of(Isa.AVX2, HERE), folder.resolve("artefact"));
        SessionOptions options = SessionOptions.defaults().withPrecision(Precision.INT8);
        refuses(Category.USAGE, "precision int8, not bf16", place, options.withPrecision(Precision.BF16));
        refuses(Category.USAGE, "precision int8, not f32", place, SessionOptions.defaults());
        refuses(Category.MACHINE, "--target generic", place, options.withIsa(Isa.GENERIC));
        refuses(Category.USAGE, "no output nothing", place, options.withOutputs(List.of("nothing")));
        assertThatThrownBy(() -> compiled(Precision.INT8, List.of(HERE), place)).hasMessageContaining("exists already");
    }

    private static void refuses(Category category, String words, Path place, SessionOptions options) {
        assertThatThrownBy(() -> Session.open(place, options).close())
                .isInstanceOfSatisfying(
                        HoneException.class,
                        failure -> assertThat(failure.category()).isEqualTo(category))
                .hasMessageContaining(words);
    }

    /** Whatever bit of a plan is turned, and wherever it ends, it is refused before anything runs. */
    @Test
    void refusesEveryDamagedPlan() throws IOException {
        Path place = compiled(Precision.F32, List.of(HERE), folder.resolve("artefact"));
        Path plan = place.resolve(Artefact.PLAN);
        byte[] whole = Files.readAllBytes(plan);
        int rounds = Fuzz.rounds(60).run(round -> {
            byte[] damaged = whole.clone();
            int position = round.oneOf(
                    round.between(0, 63), round.between(0, whole.length - 1), round.between(0, whole.length - 1));
            if (round.between(0, 3) == 0) {
                damaged = Arrays.copyOf(damaged, position);
            } else {
                damaged[position] ^= (byte) (1 << round.between(0, 7));
            }
            Files.write(plan, damaged);
            boolean same = isPadding(whole, damaged);
            if (!same) {
                assertThatThrownBy(() ->
                                Session.open(place, SessionOptions.defaults()).close())
                        .as("position %d of %d", position, whole.length)
                        .isInstanceOfSatisfying(
                                HoneException.class,
                                failure -> assertThat(failure.category()).isEqualTo(Category.CHECKPOINT))
                        .hasMessageContaining(Artefact.PLAN);
            }
        });
        assertThat(rounds).isPositive();
    }

    /** A bit between sections, which nothing reads, may be turned: what remains is a plan that opens. */
    private boolean isPadding(byte[] whole, byte[] damaged) {
        if (whole.length != damaged.length || Arrays.mismatch(whole, damaged) < 64) {
            return false;
        }
        try (Session session = Session.open(folder.resolve("artefact"), SessionOptions.defaults())) {
            int at = Arrays.mismatch(whole, damaged);
            return !session.outputNames().isEmpty() && whole[at] == 0;
        } catch (HoneException refused) {
            return false;
        }
    }

    @Test
    void takesTheConfigurationOfEachModuleAlong() throws IOException {
        Path model = model();
        Files.writeString(model.resolve("modules.json"), "[{\"path\": \"7_Pooling\", \"type\": \"m.Pooling\"}]");
        Files.writeString(
                Files.createDirectory(model.resolve("7_Pooling")).resolve("config.json"),
                "{\"word_embedding_dimension\": 64, \"pooling_mode_max_tokens\": true}");
        Path place = compiled(Precision.F32, List.of(HERE), folder.resolve("artefact"));
        assertThat(place.resolve("7_Pooling/config.json"))
                .hasSameBinaryContentAs(model.resolve("7_Pooling/config.json"));
        assertThat(place.resolve("modules.json")).exists();
    }

    @Test
    void refusesACompanionThatWasChanged() throws IOException {
        Path place = compiled(Precision.F32, List.of(HERE), folder.resolve("artefact"));
        Files.writeString(place.resolve("config.json"), "{}");
        refuses(Category.CHECKPOINT, "config.json", place, SessionOptions.defaults());
    }

    @Test
    void leavesNothingBehindAFailure() throws IOException {
        Path place = folder.resolve("nowhere").resolve("artefact");
        assertThatThrownBy(() -> compiled(Precision.F32, List.of(HERE), place))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("cannot be written");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("model");
        }
    }
}
