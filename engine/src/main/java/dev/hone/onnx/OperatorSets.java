package dev.hone.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.Map;
import java.util.TreeMap;

/** The domains of operators that a model imports, and in which versions; the empty domain is the standard's. */
final class OperatorSets {
    private final Map<String, Long> versions = new TreeMap<>();

    OperatorSets(ModelProto model) {
        model.getOpsetImportList().forEach(entry -> versions.put(standard(entry.getDomain()), entry.getVersion()));
    }

    private static String standard(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    /** The version of a domain, 0 when it is not imported. */
    long version(String domain) {
        return versions.getOrDefault(standard(domain), 0L);
    }

    void require(String domain, long version) {
        versions.merge(standard(domain), version, Math::max);
    }

    /** Puts the imports in the place of those that the model has. */
    void write(ModelProto.Builder model) {
        model.clearOpsetImport();
        versions.forEach((domain, version) -> model.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
    }
}
