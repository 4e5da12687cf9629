package dev.hone.onnx.optimize;

import dev.hone.HoneException;
import java.util.EnumSet;
import java.util.Set;

/**
 * What to do to a model.
 *
 * @param heads attention heads, 0 to read them off the graph
 * @param hiddenSize width of the hidden states, 0 to read it off the graph
 * @param float32Operators operators that stay in float32 where the rest becomes float16
 */
public record OptimizerSettings(
        Level level, Set<Switch> switches, int heads, int hiddenSize, Set<String> float32Operators) {
    public OptimizerSettings {
        switches = Set.copyOf(switches);
        float32Operators = Set.copyOf(float32Operators);
        if (heads < 0 || hiddenSize < 0 || (heads > 0 && hiddenSize > 0 && hiddenSize % heads != 0)) {
            throw new HoneException(
                    HoneException.Category.USAGE,
                    "a hidden size of " + hiddenSize + " is no multiple of " + heads + " heads; leave both out to read"
                            + " them off the graph");
        }
        if (switches.containsAll(EnumSet.of(Switch.USE_MASK_INDEX, Switch.NO_ATTENTION_MASK))) {
            throw new HoneException(
                    HoneException.Category.USAGE, "a mask index and no attention mask exclude each other; give one");
        }
        if (level.narrows() && !switches.contains(Switch.OPTIMIZE_FOR_GPU)) {
            throw new HoneException(
                    HoneException.Category.USAGE,
                    "level O4 writes float16, for which ONNX Runtime has kernels on GPUs only: add --optimize-for-gpu"
                            + " for a file for a GPU, take O3 for this processor, or give --fp16 for a small file");
        }
    }

    /** A level without any switch. */
    public static OptimizerSettings of(Level level, Switch... switches) {
        EnumSet<Switch> all = EnumSet.noneOf(Switch.class);
        all.addAll(Set.of(switches));
        return new OptimizerSettings(level, all, 0, 0, Set.of());
    }

    boolean has(Switch wanted) {
        return switches.contains(wanted);
    }

    boolean fuses(Switch disabling) {
        return level.fusesOperators() && !switches.contains(disabling);
    }

    boolean approximatesGelu() {
        return level.fusesOperators() && (level.approximatesGelu() || has(Switch.ENABLE_GELU_APPROXIMATION));
    }

    /** Whether answers differ by more than rounding in float32. */
    public boolean changesAnswers() {
        return narrows() || approximatesGelu();
    }

    boolean narrows() {
        return level.narrows() || has(Switch.FP16);
    }
}
