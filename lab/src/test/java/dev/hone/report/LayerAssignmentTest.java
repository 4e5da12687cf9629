package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.graph.GraphText;
import dev.hone.report.GraphPicture.DrawnNode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LayerAssignmentTest {
    private static final String GRAPH = """
            graph layers
            input %x: f32[2, 3]
            %before: f32[2, 3] = unary{function=erf}(%x)
            %layer.0.first: f32[2, 3] = unary{function=erf}(%before)
            %between: f32[2, 3] = unary{function=erf}(%layer.0.first)
            %layer.1.second: f32[2, 3] = unary{function=erf}(%between)
            %after: f32[2, 3] = binary{function=add}(%layer.1.second, %x)
            output after = %after
            """;

    @Test
    void nodesBetweenLayersBelongToTheOneBefore() {
        List<DrawnNode> nodes =
                GraphPicture.of("all", GraphText.parse(GRAPH), List.of()).nodes();
        assertThat(nodes.stream().map(DrawnNode::name))
                .containsExactly("x", "before", "layer.0.first", "between", "layer.1.second", "after");
        assertThat(nodes.stream().map(DrawnNode::layer)).containsExactly(null, null, 0, 0, 1, null);
        assertThat(nodes.getLast().inputs()).containsExactly(4, 0);
        assertThat(nodes.getLast().outputs()).containsExactly("after");
    }
}
