package dev.hone.transform;

import java.util.ArrayList;
import java.util.List;

/** What a pass did: where it fired, and where it nearly did and why not. */
public final class PassAccount {
    /**
     * A place where a rule began to match and stopped.
     *
     * @param node the node's name
     * @param reason what was found instead of what the rule needs
     */
    public record Refusal(String node, String reason) {}

    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> places = new ArrayList<>();

    /** @param node the name of the node, constant or input that was changed */
    void fire(String node) {
        places.add(node);
    }

    void refuse(String node, String reason) {
        Refusal refusal = new Refusal(node, reason);
        if (!refusals.contains(refusal)) {
            refusals.add(refusal);
        }
    }

    public int fired() {
        return places.size();
    }

    /** The names of what was changed, in the order of the changes. */
    public List<String> places() {
        return List.copyOf(places);
    }

    public List<Refusal> refusals() {
        return List.copyOf(refusals);
    }
}
