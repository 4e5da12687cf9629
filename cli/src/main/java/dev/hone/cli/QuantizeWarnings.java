package dev.hone.cli;

import dev.hone.onnx.quantize.Preset;
import dev.hone.onnx.quantize.WeightScheme;
import java.util.ArrayList;
import java.util.List;

/** What a user should know of a quantised file before it is used on another machine, or on this one. */
final class QuantizeWarnings {
    private QuantizeWarnings() {}

    /**
     * The warnings, the worst first.
     *
     * @param preset the file was made for
     * @param here what suits this machine
     */
    static List<String> of(Preset preset, WeightScheme scheme, Preset.Choice here) {
        List<String> warnings = new ArrayList<>();
        if (preset.saturates(scheme)) {
            warnings.add("sums of s8 weights and u8 values can be cut off at 16 bits on processors for "
                    + preset.label() + ", which changes answers: give --reduce-range, or --weights u8");
        }
        if (preset != here.preset() && here.preset().saturates(scheme)) {
            warnings.add("on this machine such sums can be cut off, because " + here.reason()
                    + ": the answers measured here are not those of " + preset.label());
        }
        if (preset == Preset.AVX512_VNNI && scheme.canSaturate()) {
            warnings.add("the file suits processors with byte products (VNNI, or 64-bit Arm); on others its sums can be"
                    + " cut off at 16 bits: make those another one with --preset avx2");
        }
        return warnings;
    }
}
