package dev.hone.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.graph.Graph;
import dev.hone.profile.StepProfile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A graph as it is drawn; weights are named and not included.
 *
 * @param label what the graph is, for example {@code as opened}
 * @param nodes inputs first, then nodes in running order
 */
public record GraphPicture(String label, List<DrawnNode> nodes) {
    public GraphPicture {
        nodes = List.copyOf(nodes);
    }

    /**
     * An input, or a node with its output.
     *
     * @param operator its name; an input of the graph has none and goes by the word input
     * @param attributes as the text form of graphs has them; empty when there are none
     * @param layer the number of the model's layer that it belongs to; null outside of layers
     * @param type element type and shape of what it makes
     * @param inputs places in {@link GraphPicture#nodes} of what it reads; constants are not among them
     * @param constants what it reads besides, each with its type
     * @param outputs names under which the model gives it away
     * @param millis what its steps took, waiting included; null when it has no step of its own or was not profiled
     * @param problems the problem lines of its steps
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record DrawnNode(
            String name,
            String operator,
            String attributes,
            @Nullable Integer layer,
            String type,
            List<Integer> inputs,
            List<String> constants,
            List<String> outputs,
            @JsonProperty("ms") @Nullable Double millis,
            List<String> problems) {
        public DrawnNode {
            inputs = List.copyOf(inputs);
            constants = List.copyOf(constants);
            outputs = List.copyOf(outputs);
            problems = List.copyOf(problems);
        }
    }

    /** @param steps of the plan that runs this graph; empty when it was not profiled */
    public static GraphPicture of(String label, Graph graph, List<StepProfile> steps) {
        return new GraphPicture(label, new Drawing(graph, steps).nodes());
    }
}
