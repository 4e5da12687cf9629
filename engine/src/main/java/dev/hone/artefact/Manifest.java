package dev.hone.artefact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What an artefact holds.
 *
 * @param hone the version that wrote it
 * @param architecture of processors, such as {@code x86_64}
 * @param precision the label of its precision
 * @param portable whether it answers with the same bits on every processor that has fused multiply-add
 * @param levels machine code for one instruction set each, the plainest first
 * @param files small files beside it, which describe tokenizer and task
 */
record Manifest(
        String hone,
        String architecture,
        String precision,
        boolean portable,
        List<Level> levels,
        List<Companion> files) {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    /**
     * A piece of the file.
     *
     * @param offset from its start
     * @param bytes its size
     * @param checksum CRC-32C
     */
    record Section(long offset, long bytes, long checksum) {}

    /**
     * Code for one instruction set.
     *
     * @param isa its label
     * @param graph the text of the fused graph whose steps the code computes
     * @param code a relocatable ELF object
     * @param constants those of each node's step, in the order in which it takes them
     */
    record Level(String isa, String graph, Section code, Map<String, List<Section>> constants) {}

    /** A file beside the plan. */
    record Companion(String name, long bytes, long checksum) {}

    byte[] toBytes() {
        try {
            return MAPPER.writeValueAsBytes(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("records of strings and numbers are written", impossible);
        }
    }

    /** @throws IOException when the bytes are no manifest */
    static Manifest parse(byte[] bytes) throws IOException {
        return MAPPER.readValue(bytes, Manifest.class);
    }
}
