package dev.hone.onnx.optimize;

import dev.hone.onnx.optimize.ExportedEncoder.Activation;

/** The activation {@code active} of the value {@code inner}. */
final class ExportedActivation {
    private ExportedActivation() {}

    static void write(Activation activation, ExportedGraph graph) {
        graph.number("root.two", Math.sqrt(2)).number("cubic", 0.044715).number("factor", Math.sqrt(2 / Math.PI));
        switch (activation) {
            case ERF_HALF_LAST -> {
                graph.node("Div", "inner root.two -> erf.argument").node("Erf", "erf.argument -> erf");
                graph.node("Add", "erf unit -> erf.shifted").node("Mul", "inner erf.shifted -> erf.product");
                graph.node("Mul", "erf.product half -> active");
            }
            case ERF_HALF_FIRST -> {
                graph.node("Mul", "inner half -> inner.half");
                graph.node("Div", "inner root.two -> erf.argument").node("Erf", "erf.argument -> erf");
                graph.node("Add", "erf unit -> erf.shifted").node("Mul", "inner.half erf.shifted -> active");
            }
            case TANH_CUBE -> {
                graph.node("Mul", "inner half -> inner.half").node("Pow", "inner three -> cube");
                graph.node("Mul", "cube cubic -> cube.scaled").node("Add", "inner cube.scaled -> sum");
                graph.node("Mul", "sum factor -> tanh.argument").node("Tanh", "tanh.argument -> tanh");
                graph.node("Add", "tanh unit -> tanh.shifted").node("Mul", "inner.half tanh.shifted -> active");
            }
            case TANH_PRODUCT -> {
                graph.node("Mul", "inner half -> inner.half").node("Mul", "inner factor -> inner.factor");
                graph.node("Mul", "inner cubic -> inner.cubic").node("Mul", "inner.cubic inner -> square");
                graph.node("Add", "square unit -> sum").node("Mul", "inner.factor sum -> tanh.argument");
                graph.node("Tanh", "tanh.argument -> tanh").node("Add", "tanh unit -> tanh.shifted");
                graph.node("Mul", "inner.half tanh.shifted -> active");
            }
        }
    }
}
