package dev.hone.sweep;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator types that are worth quantising, as it was measured.
 *
 * @param base the setting whose operators were chosen, the quickest of the grid that quantises
 * @param effects of each operator type by itself, beside the same model without any
 * @param together of the chosen types together; absent where none is worth it or only one
 * @param chosen names of the chosen types, with commas; empty for none
 * @param notes what was left out to get there
 */
public record Selection(
        Setting base,
        List<OperatorEffect> effects,
        @Nullable OperatorEffect together,
        String chosen,
        List<String> notes) {
    public Selection {
        effects = List.copyOf(effects);
        notes = List.copyOf(notes);
    }
}
