package dev.hone.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.GraphText;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.testkit.OwnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was written by another version or for another computer is refused with words, and so is a full disk; an
 * interruption leaves nothing.
 */
class ArtefactRefusalTest {
    private static final String GRAPH = """
            graph example
            input %x: f32[batch, 2]
            %y: f32[batch, 2] = activate{activation=relu}(%x)
            output y = %y
            """;

    private static final String HERE = Machine.detect().architecture();
    private static final int CODE_BYTES = 1 << 20;

    /** In units of 512 bytes: room for a quarter of the code. */
    private static final int MOST_BLOCKS = CODE_BYTES / 4 / 512;

    @TempDir
    Path folder;

    private static void write(Path place, String architecture) {
        try (ArtefactWriter writer = new ArtefactWriter(place, architecture)) {
            writer.add(Isa.GENERIC, GraphText.parse(GRAPH), new byte[CODE_BYTES], Map.of());
            writer.commit("test", "f32");
        }
    }

    @Test
    void refusesAnotherFormat() throws IOException {
        Path place = folder.resolve("artefact");
        write(place, HERE);
        Path plan = place.resolve(Artefact.PLAN);
        byte[] bytes = Files.readAllBytes(plan);
        bytes[8]++;
        Files.write(plan, bytes);
        assertThatThrownBy(() -> Artefact.open(place).close())
                .isInstanceOfSatisfying(
                        HoneException.class,
                        failure -> assertThat(failure.category()).isEqualTo(Category.CHECKPOINT))
                .hasMessageContaining("it has format 4, this version of Hone reads format 3; compile the model again");
    }

    @Test
    void refusesAnotherArchitecture() {
        Path place = folder.resolve("artefact");
        write(place, "abacus");
        Artefact artefact = Artefact.open(place);
        assertThatThrownBy(() -> artefact.bind(Isa.GENERIC, 1, graph -> graph))
                .isInstanceOfSatisfying(
                        HoneException.class,
                        failure -> assertThat(failure.category()).isEqualTo(Category.MACHINE))
                .hasMessageContaining("it was compiled for abacus, this computer is ")
                .hasMessageContaining("compile it with --target ");
    }

    /** What the other JVM does: it may write files of a limited size only. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] arguments) {
            try {
                write(Path.of(arguments[0]), HERE);
            } catch (HoneException failure) {
                System.out.println(failure.category() + " " + failure.getMessage());
            }
        }
    }

    /** What another JVM does: it ends in the midst of an artefact. */
    static final class Interrupted {
        private static final int STATUS = 7;

        private Interrupted() {}

        public static void main(String[] arguments) throws IOException {
            Path place = Path.of(arguments[0]);
            Path file = Files.writeString(place.resolveSibling("config.json"), "{}");
            ArtefactWriter writer = new ArtefactWriter(place, HERE);
            writer.add(Isa.GENERIC, GraphText.parse(GRAPH), new byte[CODE_BYTES], Map.of());
            writer.addFile("config.json", file);
            writer.addFile("1_Pooling/config.json", file);
            Files.delete(file);
            System.exit(STATUS);
        }
    }

    /** The system's limit on the size of files fails a write just as a full disk does. */
    @Test
    void leavesNothingOnAFullDisk() throws IOException, InterruptedException {
        List<String> limit = List.of("sh", "-c", "ulimit -f " + MOST_BLOCKS + " && exec \"$@\"", "sh");
        String words = run(0, limit, Limited.class);
        assertThat(words).startsWith("OUTPUT ").contains("cannot be written").contains("nothing was left");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesNothingOfAnInterruptedProcess() throws IOException, InterruptedException {
        assertThat(run(Interrupted.STATUS, List.of(), Interrupted.class)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    /** Has a program write an artefact in a JVM of its own, which ends with a status; gives what it says. */
    private String run(int status, List<String> before, Class<?> program) throws IOException, InterruptedException {
        OwnProcess ended = OwnProcess.run(
                before, List.of(), program, folder.resolve("artefact").toString());
        assertThat(ended.status()).as(ended.words()).isEqualTo(status);
        return ended.words();
    }
}
