package dev.hone.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.hone.HoneException;
import dev.hone.graph.GraphText;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxHostileTest {
    @TempDir
    Path directory;

    @Test
    void unknownOperatorsAreNamedWithTheirNode() {
        assertRefused(
                OnnxFile.ofIds().node("Frobnicate", "input_ids -> x").output("x"),
                "node the_Frobnicate (Frobnicate): the operator Frobnicate is not known; known are Abs, Add, And");
        OnnxFile fused = OnnxFile.ofIds().output("x");
        fused.graph()
                .addNode(NodeProto.newBuilder()
                        .setOpType("Add")
                        .setDomain("com.microsoft")
                        .setName("n")
                        .addOutput("x"));
        assertRefused(fused, "the operator Add of the domain com.microsoft is not known");
    }

    @Test
    void cyclesAndDanglingOperandsAreRefused() {
        assertRefused(
                OnnxFile.ofIds()
                        .node("Add", "input_ids b -> a")
                        .node("Add", "a input_ids -> b")
                        .output("b"),
                "the_Add (Add): it reads b, which nothing before it defines (a cycle");
        assertRefused(OnnxFile.ofIds().output("nowhere"), "output nowhere: it reads nowhere");
        assertRefused(OnnxFile.ofIds(), "no output");
        assertRefused(
                OnnxFile.ofIds()
                        .node("Neg", "input_ids -> x")
                        .node("Neg", "input_ids -> x")
                        .output("x"),
                "x is defined twice");
        assertRefused(
                OnnxFile.ofIds()
                        .floats("w", List.of(1L), 1)
                        .floats("w", List.of(1L), 2)
                        .output("w"),
                "w is defined twice");
    }

    @Test
    void wrongInitialisersAreRefused() {
        assertInitializer(OnnxFile.floatTensor("w", List.of(3L), 1, 2), "tensor w: f32[3] takes 12 bytes but has 8");
        assertInitializer(OnnxFile.floatTensor("w", List.of(-2L), 1, 2), "negative extent");
        assertInitializer(OnnxFile.floatTensor("w", List.of(1L << 40, 1L << 40), 1), "more elements than 64 bits");
        assertInitializer(OnnxFile.floatTensor("w", List.of(1L << 62), 1), "more elements than 64 bits count");
        assertInitializer(OnnxFile.floatTensor("w", List.of(1L << 50), 1), "bytes but has 4");
        assertInitializer(OnnxFile.longTensor("w", List.of(2L), 1), "i64[2] takes 16 bytes but has 8");
        assertInitializer(OnnxFile.tensor("w", 8, List.of(1L)), "elements of type STRING are not read");
        assertInitializer(OnnxFile.tensor("w", 77, List.of(1L)), "elements of type number 77 are not read");
    }

    @Test
    void externalDataStayInTheDirectory() {
        SafetensorsFile.write(directory.resolve("weights.bin"), new byte[16]);
        assertInitializer(external("../weights.bin", "0", "16"), "outside the model's directory");
        assertInitializer(external("a/../../weights.bin", "0", "16"), "outside the model's directory");
        assertInitializer(external("/etc/passwd", "0", "16"), "outside the model's directory");
        assertInitializer(external("", "0", "16"), "outside the model's directory");
        assertInitializer(external("nul\0", "0", "16"), "no proper location");
        assertInitializer(external("missing.bin", "0", "16"), "no such file");
        assertInitializer(external("weights.bin", "8", "16"), "go beyond the file");
        assertInitializer(external("weights.bin", "17", "0"), "begin at byte 17, after the file");
        assertInitializer(external("weights.bin", "-1", "16"), "negative offset or length");
        assertInitializer(external("weights.bin", "0", "9223372036854775807"), "go beyond the file");
        assertInitializer(external("weights.bin", "x", "16"), "no number");
        assertThat(use(external("weights.bin", "0", "16")).imported(directory)).hasSize(1);
    }

    private static TensorProto.Builder external(String location, String offset, String length) {
        return OnnxFile.tensor("w", OnnxFile.FLOAT, List.of(4L))
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", offset))
                .addExternalData(entry("length", length));
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void absurdSizesAreRefusedWithoutAllocatingThem() {
        long huge = 1L << 40;
        assertRefused(
                OnnxFile.ofIds()
                        .longs("shape", List.of(3L), huge, huge, huge)
                        .node("ConstantOfShape", "shape -> x")
                        .node("Reshape", "x shape -> y")
                        .output("y"),
                "absurd");
        assertRefused(
                OnnxFile.ofIds()
                        .longs("shape", List.of(1L), -5)
                        .node("Reshape", "input_ids shape -> y")
                        .output("y"),
                "the size -5 is no extent");
        assertRefused(
                OnnxFile.ofIds().longs("shape", List.of(70L), new long[70]).node("Expand", "input_ids shape -> y"),
                "must follow from constants");
    }

    @Test
    void otherVersionsAndOtherFilesAreRefused() {
        assertRefused(OnnxFile.ofIds().opset(9).output("input_ids"), "operator set 9 is not read, only 11 to 21");
        assertRefused(OnnxFile.ofIds().opset(0).output("input_ids"), "operator set 0 is not read");
        assertRefused(new byte[0], "it is empty");
        assertRefused("this is no model".getBytes(java.nio.charset.StandardCharsets.UTF_8), "no ONNX file");
        assertThatThrownBy(() -> OnnxModel.open(directory.resolve("none.onnx")))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> OnnxModel.open(directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("no regular file");
    }

    @Test
    void onlyClearErrorsEscapeTruncatedFiles() {
        byte[] whole = OnnxLayer.build().bytes();
        assertThat(isRefused(whole)).isFalse();
        for (int length = 0; length < whole.length; length++) {
            assertThat(isRefused(Arrays.copyOf(whole, length)))
                    .as("truncated to %d bytes", length)
                    .isTrue();
        }
    }

    @Test
    void onlyClearErrorsEscapeFlippedBits() {
        byte[] whole = OnnxLayer.build().bytes();
        SplittableRandom random = new SplittableRandom(23);
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] damaged = whole.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            refused += isRefused(damaged) ? 1 : 0;
        }
        assertThat(refused).as("damaged files that were noticed").isGreaterThan(1000);
    }

    /** Reads from memory as a mapped file would lie there. */
    private boolean isRefused(byte[] bytes) {
        Path file = directory.resolve("damaged.onnx");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
            OnnxImporter.Imported imported =
                    OnnxImporter.run(file, OnnxModel.parse(file, memory), new OnnxTensors(file, arena));
            assertThat(GraphText.print(imported.graph())).isNotEmpty();
            return false;
        } catch (HoneException expected) {
            assertThat(expected.getMessage()).contains("damaged.onnx");
            return true;
        }
    }

    private static OnnxFile use(TensorProto.Builder initializer) {
        return OnnxFile.ofIds()
                .initializer(initializer)
                .node("Exp", "w -> x")
                .node("Erf", "w -> y")
                .output("y");
    }

    private void assertInitializer(TensorProto.Builder initializer, String complaint) {
        assertRefused(use(initializer), complaint);
    }

    private void assertRefused(OnnxFile file, String complaint) {
        assertRefused(file.bytes(), complaint);
    }

    private void assertRefused(byte[] bytes, String complaint) {
        Path file = SafetensorsFile.write(directory.resolve("model.onnx"), bytes);
        assertThatThrownBy(() -> OnnxModel.open(file))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("model.onnx")
                .hasMessageContaining(complaint);
    }
}
