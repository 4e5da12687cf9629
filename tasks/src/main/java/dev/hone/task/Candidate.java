package dev.hone.task;

/** A token that may stand at a masked place, with its probability from 0 to 1. */
public record Candidate(String token, double score) {}
