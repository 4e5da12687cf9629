package dev.hone.cli;

import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import dev.hone.quantize.Scheme.Choice;
import java.util.List;
import picocli.CommandLine.Option;

/** Which layers take another precision than the rest. */
final class SchemeOptions {
    @Option(
            names = "--keep",
            paramLabel = "P:LAYER",
            split = ",",
            description = "Layers that take another precision than a lower one of the rest, such as"
                    + " f32:layer.4.output,bf16:layer.9.*; the last one that names a layer decides.")
    private List<String> kept = List.of();

    /**
     * The scheme of a text, which is a precision or what an artefact says of itself. A model in f32 has nothing to
     * keep.
     *
     * @throws dev.hone.HoneException of category USAGE for an unknown precision or no layer's name
     */
    Scheme scheme(String text) {
        List<Choice> choices = kept.stream().map(Choice::parse).toList();
        Scheme scheme = Scheme.parse(text);
        return scheme.equals(Scheme.of(Precision.F32)) ? scheme : scheme.with(choices);
    }
}
