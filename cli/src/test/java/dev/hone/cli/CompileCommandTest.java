package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    /** The bundled model answers alike from its artefact, and the folder is taken wherever a model is. */
    @Test
    void compilesWhatOtherCommandsOpen() {
        Path place = folder.resolve("a folder with ümlaut");
        assertThat(run("compile", "--out", place.toString(), "--format", "json"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("\"precision\":\"f32\"").contains("\"bytes\":");
        assertThat(place.resolve("tokenizer.json")).exists();
        out.getBuffer().setLength(0);
        assertThat(run("infer", "--format", "json", "a text")).isZero();
        String direct = out.toString();
        out.getBuffer().setLength(0);
        assertThat(run("infer", place.toString(), "--format", "json", "a text"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).isEqualTo(direct).contains("embedding");
        out.getBuffer().setLength(0);
        assertThat(run("benchmark", place.toString(), "--shape", "1x8", "--seconds", "0.05", "--format", "median"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).startsWith("hone f32 1x8 ");
    }

    /** A compiled model is never told of, or measured, under a precision that it does not have. */
    @Test
    void commandsTakeTheFoldersOwnPrecision() {
        Path place = folder.resolve("bytes");
        assertThat(run("compile", "--out", place.toString(), "--precision", "int8"))
                .as(err.toString())
                .isZero();
        assertThat(run("infer", place.toString(), "a text")).as(err.toString()).isZero();
        out.getBuffer().setLength(0);
        assertThat(run("benchmark", place.toString(), "--shape", "1x8", "--seconds", "0.05", "--format", "median"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).startsWith("hone int8 1x8 ");
        out.getBuffer().setLength(0);
        assertThat(run("profile", place.toString(), "--shape", "1x8", "--seconds", "0.05"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("int8").contains("product=u8xs8");
        assertThat(run("profile", place.toString(), "--precision", "f32")).isEqualTo(2);
        assertThat(err.toString()).contains("compiled with precision int8, not f32");
    }

    /** Layers that were kept are told of by the artefact, and the command that reads it needs no option for them. */
    @Test
    void theSchemeStaysWithTheArtefact() {
        Path place = folder.resolve("mixed");
        assertThat(run("compile", "--out", place.toString(), "--precision", "int8", "--keep", "f32:layer.4.*"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("int8,f32:layer.4.*");
        Isa host = Machine.detect().chosenIsa();
        assertThat(err.toString().contains("it runs only on processors with " + host.label()))
                .isEqualTo(host != Isa.GENERIC);
        out.getBuffer().setLength(0);
        assertThat(run("infer", place.toString(), "--format", "json", "a text"))
                .as(err.toString())
                .isZero();
        String compiled = out.toString();
        out.getBuffer().setLength(0);
        assertThat(run("infer", "--format", "json", "--precision", "int8", "--keep", "f32:layer.4.*", "a text"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).isEqualTo(compiled);
        assertThat(run("infer", place.toString(), "--precision", "int8", "a text"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("compiled with precision int8,f32:layer.4.*, not int8");
        assertThat(run("infer", "--precision", "int8", "--keep", "f32:layer.7.output", "a text"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no layer layer.7.output; the nearest is layer.0.output");
    }

    /** What calibration found is in the artefact: whoever opens it needs no texts. */
    @Test
    void calibratesBeforeCompiling() throws Exception {
        Path texts = Files.writeString(folder.resolve("texts"), "a text\n\nanother one\tand its pair\na third\n");
        Path place = folder.resolve("static");
        String[] settings = {"--precision", "int8", "--activations", "static", "--weights", "per-tensor"};
        List<String> arguments = new ArrayList<>(List.of("compile", "--out", place.toString()));
        arguments.addAll(List.of(settings));
        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString()).contains("needs texts like those to come: add --calibrate FILE");
        arguments.addAll(List.of("--calibrate", texts.toString(), "--calibration", "entropy", "--smooth", "0.5"));
        assertThat(run(arguments.toArray(String[]::new))).as(err.toString()).isZero();
        assertThat(out.toString()).contains("int8,activations:static,weights:per-tensor,smooth:0.5");
        out.getBuffer().setLength(0);
        assertThat(run("infer", place.toString(), "--format", "json", "a text"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("embedding");
    }

    /** Code for another architecture is written here, and refused here. */
    @Test
    void compilesForAnotherArchitecture() {
        boolean arm = Machine.detect().architecture().equals("aarch64");
        Path place = folder.resolve("elsewhere");
        String target = arm ? "x86-64-v3,x86-64-v4" : "armv8-a,armv8.2-a+dotprod";
        assertThat(run("compile", "--out", place.toString(), "--precision", "int8", "--target", target))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains(arm ? "for avx2, avx512" : "for neon, neon_dotprod");
        assertThat(run("infer", place.toString(), "a text")).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        arm
                                ? "it was compiled for x86_64, this computer is aarch64; compile it with --target"
                                : "it was compiled for aarch64, this computer is x86_64; compile it with --target");
        assertThat(run("compile", "--out", folder.resolve("both").toString(), "--target", "avx2,armv8.6-a"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("[avx2, neon_bf16] are of several architectures");
        assertThat(run("compile", "--out", folder.resolve("both").toString(), "--target", "x86-64,armv8-a"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("asks for x86-64 and gets code for aarch64");
        assertThat(folder.resolve("both")).doesNotExist();
    }

    @Test
    void refusesUnknownTargetsAndFoldersThatExist() throws Exception {
        assertThat(run("compile", "--out", folder.resolve("new").toString(), "--target", "sparc"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("unknown target 'sparc'").contains("avx512_vnni");
        assertThat(run("compile", "--out", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("exists already");
        assertThat(folder.resolve("new")).doesNotExist();
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
