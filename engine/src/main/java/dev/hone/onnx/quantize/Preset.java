package dev.hone.onnx.quantize;

import dev.hone.HoneException;
import dev.hone.NearestName;
import dev.hone.machine.Machine;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Settings for kinds of processors, by the names and with the meaning of Optimum's AutoQuantizationConfig. */
public enum Preset {
    /** Signed weights: as quick as others or quicker on every 64-bit Arm. */
    ARM64(ByteType.S8, true),
    /** Weights without a sign, which this instruction set sums without a limit at 16 bits. */
    AVX2(ByteType.U8, false),
    /** Signed weights, summed in 16 bits by pairs: see {@link WeightScheme#reducedRange}. */
    AVX512(ByteType.S8, false),
    /** Signed weights, summed in 32 bits. */
    AVX512_VNNI(ByteType.S8, true);

    /**
     * A preset that suits a machine.
     *
     * @param reducedRange whether weights should have 7 bits there
     * @param reason in words
     */
    public record Choice(Preset preset, boolean reducedRange, String reason) {}

    private final ByteType weights;
    private final boolean exactSums;

    Preset(ByteType weights, boolean exactSums) {
        this.weights = weights;
        this.exactSums = exactSums;
    }

    /** The type of weights. */
    public ByteType weights() {
        return weights;
    }

    /** Whether a scheme's sums can be limited at 16 bits, which changes answers, on processors of this kind. */
    public boolean saturates(WeightScheme scheme) {
        return !exactSums && scheme.canSaturate();
    }

    /** The preset for a machine: the widest whose instructions it has. */
    public static Choice forMachine(Machine machine) {
        if (machine.architecture().equals("aarch64")) {
            return new Choice(ARM64, false, "the processor is a 64-bit Arm");
        }
        for (String feature : List.of("avx512_vnni", "avx_vnni")) {
            if (machine.features().contains(feature)) {
                return new Choice(AVX512_VNNI, false, "the processor has " + feature);
            }
        }
        if (machine.features().contains("avx512bw")) {
            return new Choice(AVX512, true, "the processor has avx512bw without byte products, so weights have 7 bits");
        }
        return new Choice(AVX2, false, "the processor has no avx512bw");
    }

    /** The lower-case name in options. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The preset of a name; nothing for {@code auto}, which leaves the choice to {@link #forMachine}.
     *
     * @throws HoneException of category {@code USAGE} for an unknown one
     */
    public static Optional<Preset> parse(String name) {
        List<Optional<Preset>> all = Stream.concat(
                        Stream.of(Optional.<Preset>empty()),
                        Arrays.stream(values()).map(Optional::of))
                .toList();
        return NearestName.choose(
                "preset", name, all, preset -> preset.map(Preset::label).orElse("auto"));
    }
}
