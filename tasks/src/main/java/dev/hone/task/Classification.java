package dev.hone.task;

import java.util.List;

/** All labels of a text, best first. */
public record Classification(List<LabelScore> labels) {
    public Classification {
        labels = List.copyOf(labels);
    }

    public LabelScore best() {
        return labels.getFirst();
    }
}
