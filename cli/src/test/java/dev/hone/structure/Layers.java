package dev.hone.structure;

import java.util.List;
import java.util.Set;

/** The order of the packages: a package imports only packages that stand before it. */
final class Layers {
    /** Names after {@code dev.hone.}; the empty name is the root package. What lies below one belongs to its layer. */
    static final List<String> ORDER = List.of(
            // engine
            "",
            "machine",
            "tensor",
            "graph",
            "checkpoint",
            "onnx",
            "architecture",
            "reference",
            "transform",
            "quantize",
            "kernel",
            "nativecode",
            "runtime",
            "tune",
            "artefact",
            "session",
            // tasks
            "hub",
            "json",
            "tokenize",
            "task",
            // lab
            "engines",
            "measure",
            "calibrate",
            "evaluate",
            "profile",
            "report",
            "optimize",
            "sweep",
            // server
            "serve",
            "cli");

    /** What every engine answers with: the face of {@code session}, which stands above all layers but the root. */
    static final Set<String> FACE =
            Set.of("dev.hone.session.Encoder", "dev.hone.session.TokenBatch", "dev.hone.session.EncoderOutputs");

    private static final String ROOT = "dev.hone";

    private Layers() {}

    /** The layer's place in the order; -1 for a package of the project that has no place. */
    static int of(String packageName) {
        if (packageName.equals(ROOT)) {
            return 0;
        }
        String below = packageName.substring(ROOT.length() + 1);
        int dot = below.indexOf('.');
        return ORDER.indexOf(dot < 0 ? below : below.substring(0, dot));
    }

    static boolean isOurs(String packageName) {
        return packageName.equals(ROOT) || packageName.startsWith(ROOT + ".");
    }

    static boolean isFace(String className) {
        int nested = className.indexOf('$');
        return FACE.contains(nested < 0 ? className : className.substring(0, nested));
    }
}
