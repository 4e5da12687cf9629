package dev.hone.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.graph.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {
    private static final Graph GRAPH = GraphText.parse("""
            graph small
            input %x: f32[batch, 2]
            constant %w: f32[2, 2] = {1 2 3 4}
            constant %b: f32[2] = {5 6}
            %dropped: f32[batch, 2] = dropout{rate=0.1}(%x)
            %product: f32[batch, 2] = matMul(%dropped, %w)
            %linear: f32[batch, 2] = binary{function=add}(%product, %b)
            %active: f32[batch, 2] = activate{activation=tanh}(%linear)
            output active = %active
            output linear = %linear
            """);
    private static final Pipeline PIPELINE = Pipeline.named("small")
            .then(new RemoveDropout())
            .then(new FuseLinear())
            .then(new FuseActivationIntoLinear());

    @TempDir
    Path directory;

    @Test
    void reportTellsWhatEachPassDid() {
        Pipeline.Result result = PIPELINE.run(GRAPH);
        assertThat(result.graph().nodes())
                .extracting(node -> (Object) node.op().getClass())
                .containsExactly(Op.Linear.class, Op.Activate.class);
        TransformReport report = result.report();
        assertThat(report.pipeline()).isEqualTo("small");
        assertThat(report.entries())
                .extracting(TransformReport.Entry::pass)
                .containsExactly("RemoveDropout", "FuseLinear", "FuseActivationIntoLinear");
        assertThat(report.entries()).extracting(TransformReport.Entry::fired).containsExactly(1, 2, 0);
        assertThat(report.entries())
                .extracting(TransformReport.Entry::nodesBefore)
                .containsExactly(4, 3, 2);
        assertThat(report.entries())
                .extracting(TransformReport.Entry::nodesAfter)
                .containsExactly(3, 2, 2);
        assertThat(report.entries().getLast().refusals())
                .containsExactly(new PassAccount.Refusal("active", "the product linear is read elsewhere too"));
        assertThat(report.time()).isPositive();
    }

    @Test
    void givenGraphStaysAsItIs() {
        String before = GRAPH.toString();
        PIPELINE.run(GRAPH);
        assertThat(GRAPH).hasToString(before);
    }

    @Test
    void pipelinesAreExtendedWithoutChangingTheShorterOne() {
        Pipeline longer = PIPELINE.then(new DeadCode());
        assertThat(longer.passes()).hasSize(4);
        assertThat(PIPELINE.passes()).hasSize(3);
    }

    @Test
    void dumpsAreNumberedAndReadBack() throws IOException {
        Path dump = directory.resolve("dump");
        Pipeline.Result result = PIPELINE.run(GRAPH, Optional.of(dump));
        try (Stream<Path> files = Files.list(dump)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "000_Input.txt",
                            "001_RemoveDropout.txt",
                            "002_FuseLinear.txt",
                            "003_FuseActivationIntoLinear.txt");
        }
        assertThat(GraphText.parse(Files.readString(dump.resolve("000_Input.txt"))))
                .hasToString(GRAPH.toString());
        assertThat(GraphText.parse(Files.readString(dump.resolve("003_FuseActivationIntoLinear.txt"))))
                .hasToString(result.graph().toString());
    }

    @Test
    void directoryThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> PIPELINE.run(GRAPH, Optional.of(file)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(file.toString())
                .extracting(failure -> ((HoneException) failure).category())
                .isEqualTo(HoneException.Category.OUTPUT);
    }

    @Test
    void fusedGraphsPassThroughUnchanged() {
        Graph fused = Pipelines.INFERENCE.run(GRAPH).graph();
        Pipeline.Result again = Pipelines.INFERENCE.run(fused);
        assertThat(again.graph()).hasToString(fused.toString());
        assertThat(again.report().entries())
                .extracting(TransformReport.Entry::fired)
                .containsOnly(0);
    }
}
