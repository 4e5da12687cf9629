package dev.hone.transform;

import java.util.ArrayList;
import java.util.List;

/** What a pass did: how often it fired, and where it nearly did and why not. */
public final class PassAccount {
    /**
     * A place where a rule began to match and stopped.
     *
     * @param node the node's name
     * @param reason what was found instead of what the rule needs
     */
    public record Refusal(String node, String reason) {}

    private final List<Refusal> refusals = new ArrayList<>();
    private int fired;

    void fire() {
        fired++;
    }

    void refuse(String node, String reason) {
        Refusal refusal = new Refusal(node, reason);
        if (!refusals.contains(refusal)) {
            refusals.add(refusal);
        }
    }

    public int fired() {
        return fired;
    }

    public List<Refusal> refusals() {
        return List.copyOf(refusals);
    }
}
