package dev.hone.report;

/** Something to know about a model or about data, for example {@code rows} and {@code 872}. */
public record Fact(String name, String value) {}
