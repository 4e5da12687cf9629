package dev.hone.transform;

import java.util.List;
import java.util.stream.Collectors;

/** Transforms one after another, as one transform; each keeps its own account. */
public final class ComposeTransformation {
    private final List<NamedTransform> transforms;

    public ComposeTransformation(List<NamedTransform> transforms) {
        this.transforms = List.copyOf(transforms);
    }

    public List<NamedTransform> transforms() {
        return transforms;
    }

    /** The names with commas between them. */
    public String name() {
        return transforms.stream().map(NamedTransform::name).collect(Collectors.joining(", "));
    }

    /** Whether answers stay within rounding, which they do when they do so under each transform. */
    public boolean keepsNumbers() {
        return transforms.stream().allMatch(NamedTransform::keepsNumbers);
    }

    /**
     * What undoes all of them: the reverses, the last one first.
     *
     * @throws dev.hone.HoneException of category USAGE, naming the transform, when one of them has no reverse
     */
    public ComposeTransformation reversed() {
        return new ComposeTransformation(
                transforms.reversed().stream().map(NamedTransform::reversed).toList());
    }

    /** The transforms as a pipeline, which runs them and reports on each. */
    public Pipeline pipeline() {
        Pipeline pipeline = Pipeline.named("composed");
        for (NamedTransform transform : transforms) {
            pipeline = pipeline.then(transform);
        }
        return pipeline;
    }
}
