package dev.hone.onnx.quantize;

import dev.hone.onnx.EditableNode;
import java.util.List;
import java.util.Optional;

/** How nodes of one operator are quantised. */
interface OperatorRule {
    /** Why a node cannot be quantised; nothing when it can. */
    Optional<String> refusal(EditableNode node);

    /** The values whose ranges must be known before a node that was not refused is quantised with fixed ranges. */
    List<String> values(EditableNode node);

    /** Quantises a node that was not refused, and says what it became. */
    String apply(EditableNode node);
}
