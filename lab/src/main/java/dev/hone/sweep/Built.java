package dev.hone.sweep;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of a setting.
 *
 * @param checksum of its content; settings whose files are equal are measured once
 * @param bytes of it and of what lies beside it
 * @param quantized how many nodes of each operator work on bytes in it, by the operator's name without its domain; 0
 *     for those that could
 * @param reason why there is none; absent where there is one
 */
record Built(
        String checksum,
        long bytes,
        Map<String, Integer> quantized,
        @Nullable String reason) {
    Built {
        quantized = Map.copyOf(quantized);
    }

    static Built refused(String reason) {
        return new Built("", 0, Map.of(), reason);
    }
}
