package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;

/** A pattern around a node that begins it, and what takes its place. */
interface Fusion {
    /** The name of the step in reports. */
    String name();

    /** Whether the pattern may begin at the node; where it does not hold then, the report says why. */
    boolean beginsAt(EditableNode node, Look look);

    /**
     * Changes the model, or leaves it as it is.
     *
     * @throws Mismatch before any change, when the pattern does not hold
     */
    void fuse(EditableNode node, Look look);
}
