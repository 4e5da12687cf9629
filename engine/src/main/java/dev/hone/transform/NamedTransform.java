package dev.hone.transform;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Graph;
import java.util.Optional;

/**
 * A transform by the name under which it was published.
 *
 * @param name as published; for a transform of Hone's own, its name in reports
 * @param source where it was published
 * @param description one sentence
 * @param keepsNumbers whether answers stay within rounding; otherwise the description states the error
 * @param pass the transform
 * @param reversal undoes it; empty where that makes no sense
 */
public record NamedTransform(
        String name, Source source, String description, boolean keepsNumbers, Pass pass, Optional<Pass> reversal)
        implements Pass {
    /** Where a transform was published. */
    public enum Source {
        /** Hugging Face Optimum, transformations of torch.fx graphs. */
        OPTIMUM("Optimum"),
        /** Apache TVM, passes of Relay. */
        TVM("TVM"),
        /** A pass of Hone's own pipeline. */
        HONE("Hone");

        private final String label;

        Source(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        return pass.apply(graph, account);
    }

    NamedTransform withReverse(Pass undoing) {
        return new NamedTransform(name, source, description, keepsNumbers, pass, Optional.of(undoing));
    }

    /**
     * The transform that undoes this one.
     *
     * @throws HoneException of category USAGE when there is none
     */
    public NamedTransform reversed() {
        Pass back = reversal.orElseThrow(() -> new HoneException(
                Category.USAGE,
                name + " has no reverse; the transforms that have one are " + Transforms.reversibleNames()));
        String undoes = "Undoes " + name + ".";
        return new NamedTransform(name + " reversed", source, undoes, keepsNumbers, back, Optional.of(pass));
    }
}
