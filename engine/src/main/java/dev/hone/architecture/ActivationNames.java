package dev.hone.architecture;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.Configuration;
import dev.hone.graph.Activation;
import java.util.Map;
import java.util.TreeMap;

/** The activation functions by the names that configurations give them. */
final class ActivationNames {
    private static final Map<String, Activation> KNOWN = new TreeMap<>(Map.of(
            "gelu", Activation.GELU,
            "gelu_new", Activation.GELU_TANH,
            "gelu_pytorch_tanh", Activation.GELU_TANH,
            "gelu_fast", Activation.GELU_TANH,
            "quick_gelu", Activation.GELU_QUICK,
            "relu", Activation.RELU,
            "silu", Activation.SILU,
            "swish", Activation.SILU,
            "tanh", Activation.TANH));

    private ActivationNames() {}

    /** @throws HoneException of category UNSUPPORTED for a name that is not known */
    static Activation find(Configuration configuration, String key) {
        String name = configuration.text(key).orElse("gelu");
        Activation activation = KNOWN.get(name);
        if (activation == null) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    configuration.file() + ": " + key + " '" + name + "' is not known; known are "
                            + String.join(", ", KNOWN.keySet()));
        }
        return activation;
    }
}
