package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code x/2 * (1 + erf(x/√2))} becomes {@code Gelu(x)}, and {@code x/2 * (1 + tanh(√(2/π) (x + 0.044715 x³)))}
 * becomes {@code FastGelu(x)}, in whatever order it is computed. Begins at the {@code Erf} or {@code Tanh}.
 */
final class FuseGelu implements Fusion {
    /** Exporters write the constants with five digits or more. */
    private static final double RELATIVE = 2e-5;

    private static final int FARTHEST = 6;
    private static final Polynomial HALF_OF_ONE_AND_T = Polynomial.of(0.5, 1, 0).plus(Polynomial.of(0.5, 1, 1), 1);
    private static final double CUBIC = 0.044715;

    private final String inner;
    private final String fused;
    private final Polynomial argument;

    private FuseGelu(String inner, String fused, Polynomial argument) {
        this.inner = inner;
        this.fused = fused;
        this.argument = argument;
    }

    static FuseGelu exact() {
        return new FuseGelu("Erf", "Gelu", Polynomial.of(Math.sqrt(0.5), 1, 0));
    }

    static FuseGelu approximate() {
        double factor = Math.sqrt(2 / Math.PI);
        return new FuseGelu(
                "Tanh", "FastGelu", Polynomial.of(factor, 1, 0).plus(Polynomial.of(CUBIC * factor, 3, 0), 1));
    }

    @Override
    public String name() {
        return fused;
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return node.is(inner)
                && look.maker(node.input(0))
                        .filter(maker -> Look.isOneOf(maker, "Div", "Mul"))
                        .isPresent();
    }

    @Override
    public void fuse(EditableNode node, Look look) {
        String rows = rows(node.input(0), look);
        look.requireReadOnce(node.input(0));
        String value = node.output();
        for (int distance = 0; distance < FARTHEST; distance++) {
            EditableNode reader = look.onlyReader(value, "Add", "Mul", "Div");
            value = reader.output();
            boolean whole = Polynomial.of(value, rows, node.output(), look)
                    .filter(some -> some.isCloseTo(HALF_OF_ONE_AND_T, RELATIVE))
                    .isPresent();
            if (whole) {
                look.instead(reader, EditableNode.MICROSOFT + "." + fused, List.of(rows));
                return;
            }
        }
        throw new Mismatch("what follows is not x/2 * (1 + " + inner + ")");
    }

    /** The value of which the argument is the polynomial wanted: the nearest such. */
    private String rows(String value, Look look) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> waiting = new ArrayDeque<>(List.of(value));
        while (!waiting.isEmpty() && seen.size() < 2 * FARTHEST) {
            String candidate = waiting.poll();
            if (look.isConstant(candidate) || !seen.add(candidate)) {
                continue;
            }
            boolean fits = Polynomial.of(value, candidate, "", look)
                    .filter(some -> some.isCloseTo(argument, RELATIVE))
                    .isPresent();
            if (fits) {
                return candidate;
            }
            look.maker(candidate)
                    .filter(node -> Look.isOneOf(node, "Add", "Mul", "Div", "Pow"))
                    .ifPresent(node -> waiting.addAll(node.inputs()));
        }
        throw new Mismatch("its operand is not the polynomial that " + fused + " takes of any value");
    }
}
