package dev.hone.task;

import java.util.List;

/**
 * What may stand at the masked places of a text.
 *
 * @param masks for each masked place in the order of the text its candidates, best first
 */
public record MaskFilling(String text, List<List<Candidate>> masks) {
    public MaskFilling {
        masks = masks.stream().map(List::copyOf).toList();
    }

    /** Candidates of the first masked place. */
    public List<Candidate> candidates() {
        return masks.getFirst();
    }
}
