package dev.hone.task;

/** A question and the text that may hold its answer. */
public record Question(String question, String context) {}
