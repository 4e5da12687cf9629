package dev.hone.transform;

import dev.hone.graph.Graph;

/** Tries one rule at every node, once, in running order: later nodes see what was rewritten before them. */
final class RulePass implements Pass {
    private final RewriteRule rule;

    RulePass(RewriteRule rule) {
        this.rule = rule;
    }

    @Override
    public String name() {
        return rule.name();
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Rewriting rewriting = new Rewriting(graph, account);
        graph.nodes().forEach(node -> rewriting.visit(node, rule));
        return account.fired() == 0 ? graph : rewriting.finish(graph);
    }
}
