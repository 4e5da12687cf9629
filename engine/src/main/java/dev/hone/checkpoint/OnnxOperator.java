package dev.hone.checkpoint;

/** Translates nodes of one ONNX operator into operators of the graph. */
@FunctionalInterface
interface OnnxOperator {
    void translate(OnnxNode node);
}
