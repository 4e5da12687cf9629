package dev.hone.profile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the number of a model's layer in the name of a node. */
public final class LayerName {
    /** As checkpoints and exporters write it: {@code encoder.layer.3.output}, {@code /encoder/layer.3/output/Add}. */
    private static final Pattern LAYER = Pattern.compile("(?:^|[./_])layers?[._](\\d{1,4})(?=[./_]|$)");

    private LayerName() {}

    /** The number; null for a node outside of layers. */
    public static @Nullable Integer of(String node) {
        Matcher matcher = LAYER.matcher(node);
        return matcher.find() ? Integer.valueOf(matcher.group(1)) : null;
    }
}
