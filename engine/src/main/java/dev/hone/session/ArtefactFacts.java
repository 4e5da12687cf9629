package dev.hone.session;

import dev.hone.artefact.Artefact;
import dev.hone.graph.Graph;
import dev.hone.machine.Isa;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an artefact says of itself before it is opened.
 *
 * @param precision the label of the precision it was compiled for
 * @param graph the fused graph for an instruction set, without the elements of its large constants
 */
public record ArtefactFacts(String precision, Graph graph) {
    /** Empty when the path is no artefact. */
    public static Optional<ArtefactFacts> at(Path path, Isa isa) {
        if (!Artefact.isAt(path)) {
            return Optional.empty();
        }
        Artefact artefact = Artefact.open(path);
        try {
            return Optional.of(new ArtefactFacts(artefact.precision(), artefact.graph(isa)));
        } finally {
            artefact.close();
        }
    }
}
