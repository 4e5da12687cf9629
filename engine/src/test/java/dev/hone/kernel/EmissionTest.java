package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.kernel.EmbeddingKernel.WordType;
import dev.hone.kernel.PoolKernel.Pooling;
import dev.hone.machine.Isa;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.llvm.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is emitted: recorded IR, and the shape of inner loops. */
@Tag("native")
class EmissionTest {
    private static final String REPLAY_PROPERTY = "hone.replay.write";
    /** Longer modules, and those for Arm, are recorded by their hash only. */
    private static final int LINES_OF_WHOLE_TEXT = 300;

    private static final String RESOURCE = "emission.txt";

    /** Problems whose IR is recorded; those of one instruction set can share a module. */
    static List<Kernel> problems(Isa isa) {
        List<Kernel> problems = new ArrayList<>();
        problems.add(linear(isa, LinearProduct.FLOATS, Activation.NONE, 0));
        problems.add(linear(isa, LinearProduct.FLOATS, Activation.GELU, 1));
        problems.add(linear(isa, LinearProduct.HALF_WEIGHTS, Activation.NONE, 0));
        problems.add(linear(isa, LinearProduct.BFLOAT_WEIGHTS, Activation.NONE, 0));
        problems.add(linear(isa, LinearProduct.BYTES, Activation.NONE, 0));
        problems.add(linear(isa, LinearProduct.NIBBLES, Activation.NONE, 0));
        problems.add(new AttentionKernel(isa, 26, 0.25f, RowForm.FLOATS, RowForm.FLOATS));
        problems.add(new AttentionKernel(isa, 64, 0.125f, RowForm.FLOATS, RowForm.FLOATS));
        problems.add(new LayerNormKernel(isa, 312, true, RowForm.FLOATS));
        problems.add(new LayerNormKernel(isa, 312, true, RowForm.QUANTIZED));
        problems.add(new ConvertKernel(isa, 30, RowForm.QUANTIZED));
        if (isa.hasBfloatProducts()) {
            problems.add(linear(isa, LinearProduct.BFLOATS, Activation.NONE, 0));
            problems.add(new AttentionKernel(isa, 26, 0.25f, RowForm.BFLOATS, RowForm.BFLOATS));
            problems.add(new ConvertKernel(isa, 31, RowForm.BFLOATS));
        }
        problems.add(new EmbeddingKernel(isa, 64, WordType.F16, true));
        problems.add(new PoolKernel(isa, 30, Pooling.MEAN, true));
        problems.add(new ElementwiseKernel(isa, Activation.ERF));
        problems.add(new ElementwiseKernel(isa, Activation.TANH));
        return problems;
    }

    private static LinearKernel linear(Isa isa, LinearProduct product, Activation activation, int tail) {
        return new LinearKernel(isa, product, activation, RowForm.FLOATS, tail, LinearSchedule.of(isa, product));
    }

    /**
     * The IR of fixed problems is what it was. A refactoring leaves the record alone; a wanted change writes it again:
     * {@code mvn -pl engine test -Dtest=EmissionTest -Dhone.replay.write=src/test/resources/dev/hone/kernel}.
     */
    @Test
    void emitsWhatWasRecorded() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Isa isa : Isa.values()) {
            for (Kernel problem : problems(isa)) {
                String ir = Kernel.module(List.of(problem));
                text.append(problem.line()).append(" lines=").append(ir.lines().count());
                text.append(" hash=").append(hash(ir)).append('\n');
                if (ir.lines().count() <= LINES_OF_WHOLE_TEXT && !isa.isArm()) {
                    text.append(ir).append('\n');
                }
            }
        }
        String folder = System.getProperty(REPLAY_PROPERTY, "");
        if (!folder.isEmpty()) {
            Files.writeString(Path.of(folder, RESOURCE), text);
        }
        assertThat(text.toString())
                .as("emitted IR; when the change is wanted, see the comment of this test")
                .isEqualTo(recorded());
    }

    private static String recorded() {
        try (InputStream stream = EmissionTest.class.getResourceAsStream(RESOURCE)) {
            assertThat(stream).as(RESOURCE).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The innermost loop of the highest tile holds one fused multiply-add an accumulator and touches no stack. */
    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"AVX2", "AVX512"})
    void linearInnerLoopKeepsItsSumsInRegisters(Isa isa) {
        LinearSchedule tile = LinearSchedule.of(isa, LinearProduct.FLOATS);
        List<String> loops = loops(isa, linear(isa, LinearProduct.FLOATS, Activation.GELU, 0));
        for (int rows = 1; rows <= tile.rows(); rows++) {
            int sums = rows * tile.vectors();
            assertThat(loops)
                    .as("loops of linear on %s with %d sums", isa, sums)
                    .anySatisfy(loop -> {
                        assertThat(count(loop, "vfmadd\\w*ps")).isEqualTo(sums);
                        assertThat(count(loop, "\\(%rsp\\)")).isZero();
                        assertThat(count(loop, "prefetch")).isPositive();
                    });
        }
    }

    /** Nor do the sums of a group of nibbles, whose weights are made of half a byte by three instructions a pair. */
    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"AVX512", "AVX512_VNNI"})
    void groupsOfNibblesKeepTheirSumsInRegisters(Isa isa) {
        LinearSchedule tile = LinearSchedule.of(isa, LinearProduct.NIBBLES);
        String product = isa.hasByteProducts() ? "vpdpbusd" : "vpmaddubsw";
        List<String> loops = loops(isa, linear(isa, LinearProduct.NIBBLES, Activation.NONE, 0));
        for (int rows = 1; rows <= tile.rows(); rows++) {
            int sums = rows * tile.vectors();
            assertThat(loops)
                    .as("loops of nibbles on %s with %d sums", isa, sums)
                    .anySatisfy(loop -> {
                        assertThat(count(loop, product)).isEqualTo(2L * sums);
                        assertThat(count(loop, "\\(%rsp\\)")).isZero();
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"AVX2", "AVX512"})
    void attentionInnerLoopsKeepTheirSumsInRegisters(Isa isa) {
        AttentionKernel kernel = new AttentionKernel(isa, 64, 0.125f, RowForm.FLOATS, RowForm.FLOATS);
        AttentionTile tile = AttentionTile.of(kernel);
        List<String> full = loops(isa, kernel).stream()
                .filter(loop -> count(loop, "vfmadd\\w*ps") == (long) tile.rows() * tile.vectors())
                .toList();
        assertThat(full).as("products with keys and with values").hasSizeGreaterThanOrEqualTo(2);
        assertThat(full)
                .allSatisfy(loop -> assertThat(count(loop, "\\(%rsp\\)")).isZero());
    }

    /** Blocks of assembly that end by jumping to their own label. */
    private static List<String> loops(Isa isa, Kernel kernel) {
        String assembly = LlvmCompiler.get().emitAssembly(Kernel.module(List.of(kernel)), Target.x86(isa));
        Matcher loops = Pattern.compile("(?m)^(\\.LBB\\w+):((?:(?!^\\.LBB)[\\s\\S])*?)\\sj\\w+\\s+\\1\\n")
                .matcher(assembly);
        List<String> found = new ArrayList<>();
        while (loops.find()) {
            found.add(loops.group(2));
        }
        assertThat(found).as("loops of %s", kernel.line()).isNotEmpty();
        return found;
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }
}
