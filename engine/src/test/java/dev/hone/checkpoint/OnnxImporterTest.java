package dev.hone.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxImporterTest {
    @TempDir
    Path directory;

    @Test
    void shapesThatAreComputedBecomeSymbolic() {
        assertThat(OnnxLayer.build().imported(directory))
                .hasSize(20)
                .contains(
                        "%heads: f32[batch, sequence, 2, 2] = reshape{target=[batch, sequence, 2, 2]}(%queries)",
                        "%states: f32[batch, sequence, 4] = reshape{target=[batch, sequence, 4]}(%back)",
                        "%normed: f32[batch, sequence, 4] = layerNorm{epsilon=1.0E-5}(%states, %bias, %bias)",
                        "%scores: f32[batch, 2, sequence, sequence] = matMul(%left, %right)",
                        "%logits: f32[batch, 3] = matMul(%token, %logits/transposed.1)")
                .noneMatch(line -> line.contains("concat") || line.contains("i64[1]"));
    }

    @Test
    void narrowIntegersAreReadAsWideOnes() {
        OnnxFile file = new OnnxFile()
                .input("ids", OnnxFile.INT32)
                .node("Neg", "ids -> y")
                .output("y");
        try (OnnxModel model = OnnxModel.open(file.write(directory.resolve("model.onnx")))) {
            assertThat(model.notes()).containsExactly("input ids is i32 in the file and i64 here");
            assertThat(model.graph().inputs()).singleElement().hasToString("%ids: i64[batch, sequence]");
        }
    }

    @Test
    void aTokenTypeBufferBecomesOneRepeatedNumber() {
        OnnxFile file = OnnxFile.ofIds()
                .longs("buffer", List.of(1L, 9L), new long[9])
                .longs("first", List.of(1L), 0)
                .longs("second", List.of(1L), 1)
                .node("Shape", "input_ids -> shape")
                .node("Slice", "shape second ends -> length")
                .longs("ends", List.of(1L), 2)
                .node("Slice", "buffer first length second -> cut")
                .node(
                        "ConstantOfShape",
                        "two -> ones",
                        OnnxFile.tensor("value", OnnxFile.longTensor("", List.of(1L), 1)))
                .longs("two", List.of(1L), 2)
                .node("Mul", "ones minus -> wildcard")
                .longs("minus", List.of(), -1)
                .node("Equal", "shape wildcard -> unknown")
                .node("Where", "unknown ones shape -> target")
                .node("Expand", "cut target -> types")
                .node("Add", "types input_ids -> y")
                .output("y");
        assertThat(file.imported(directory))
                .containsExactly(
                        "%types: i64[batch, sequence] = expand{target=[batch, sequence]}(%types/value.1)",
                        "%y: i64[batch, sequence] = binary{function=add}(%types, %input_ids)");
    }

    @Test
    void positionsAreCutOrCounted() {
        OnnxFile file = OnnxFile.ofIds()
                .longs("buffer", List.of(1L, 70L), new long[70])
                .node("Shape", "input_ids -> shape")
                .node("Gather", "shape one -> length")
                .longs("one", List.of(), 1)
                .longs("two", List.of(), 2)
                .node("Add", "length two -> limit")
                .node("Range", "two limit one -> counted")
                .node("Add", "counted input_ids -> y")
                .output("y");
        assertThat(file.imported(directory))
                .containsExactly(
                        "%counted/count.1: i64[sequence] = range{extent=sequence}()",
                        "%counted: i64[sequence] = binary{function=add}(%counted/count.1, %counted/start.1)",
                        "%y: i64[batch, sequence] = binary{function=add}(%counted, %input_ids)");
    }

    @Test
    void splitsBecomeSlicesAndSqueezesReshapes() {
        OnnxFile file = OnnxFile.ofIds()
                .floats("table", List.of(5L, 2L), new float[10])
                .node("Gather", "table input_ids -> x")
                .longs("sizes", List.of(2L), 1, 1)
                .longs("last", List.of(1L), -1)
                .node("Split", "x sizes -> a b", OnnxFile.integer("axis", -1))
                .node("Squeeze", "a last -> start")
                .node("Squeeze", "b last -> end")
                .output("start")
                .output("end");
        assertThat(file.imported(directory))
                .containsExactly(
                        "%x: f32[batch, sequence, 2] = gather{axis=0}(%table, %input_ids)",
                        "%a: f32[batch, sequence, 1] = slice{axis=2; start=0; end=1}(%x)",
                        "%b: f32[batch, sequence, 1] = slice{axis=2; start=1; end=2}(%x)",
                        "%start: f32[batch, sequence] = reshape{target=[batch, sequence]}(%a)",
                        "%end: f32[batch, sequence] = reshape{target=[batch, sequence]}(%b)");
    }

    @Test
    void constantArithmeticIsFolded() {
        OnnxFile file = OnnxFile.ofIds()
                .floats("table", List.of(5L, 16L), new float[80])
                .node("Gather", "table input_ids -> x")
                .node("Shape", "x -> shape")
                .longs("last", List.of(1L), -1)
                .longs("first", List.of(1L), 0)
                .longs("far", List.of(1L), Long.MAX_VALUE)
                .node("Slice", "shape last far first -> width")
                .node("Cast", "width -> real", OnnxFile.integer("to", 1))
                .node("Sqrt", "real -> root")
                .floats("unit", List.of(1L), 1f)
                .node("Div", "unit root -> scale")
                .node("Mul", "x scale -> y")
                .output("y");
        try (OnnxModel model = OnnxModel.open(file.write(directory.resolve("model.onnx")))) {
            assertThat(model.graph().nodes()).hasSize(2);
            assertThat(model.graph().constants().get("scale"))
                    .satisfies(scale -> assertThat(scale.toFloatArray()).containsExactly(0.25f));
        }
    }

    @Test
    void branchesOnLengthsAreRefused() {
        OnnxFile file = OnnxFile.ofIds()
                .node("Shape", "input_ids -> shape")
                .longs("seven", List.of(), 7)
                .node("Equal", "shape seven -> y")
                .output("y");
        assertThatThrownBy(() -> file.imported(directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("the_Equal (Equal): EQUAL of the sizes 1*batch and 7 is known only when");
    }
}
