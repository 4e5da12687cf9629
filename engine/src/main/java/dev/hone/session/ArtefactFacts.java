package dev.hone.session;

import dev.hone.artefact.Artefact;
import dev.hone.graph.Graph;
import dev.hone.machine.Isa;
import dev.hone.quantize.Scheme;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an artefact says of itself before it is opened.
 *
 * @param scheme that it was compiled for
 * @param graph the fused graph for an instruction set, without the elements of its large constants
 */
public record ArtefactFacts(Scheme scheme, Graph graph) {
    /** The scheme that a path holds already: that of an artefact. */
    public static Optional<Scheme> schemeAt(Path path) {
        if (!Artefact.isAt(path)) {
            return Optional.empty();
        }
        Artefact artefact = Artefact.open(path);
        artefact.close();
        return Optional.of(Scheme.parse(artefact.precision()));
    }

    /** Empty when the path is no artefact. */
    public static Optional<ArtefactFacts> at(Path path, Isa isa) {
        if (!Artefact.isAt(path)) {
            return Optional.empty();
        }
        Artefact artefact = Artefact.open(path);
        try {
            return Optional.of(new ArtefactFacts(Scheme.parse(artefact.precision()), artefact.graph(isa)));
        } finally {
            artefact.close();
        }
    }
}
