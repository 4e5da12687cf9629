package dev.hone.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the report of a model shows. What is empty or null is left out of the page.
 *
 * @param comparison the candidates; null for a report of one model
 * @param operators where the time goes, usually before and after
 * @param graphs usually before and after
 * @param passes what fired and what did not, in the order of the passes
 */
public record Report(
        Heading heading,
        Setting setting,
        @Nullable Comparison comparison,
        List<OperatorTimes> operators,
        List<GraphPicture> graphs,
        List<PassOutcome> passes) {
    public Report {
        operators = List.copyOf(operators);
        graphs = List.copyOf(graphs);
        passes = List.copyOf(passes);
    }
}
