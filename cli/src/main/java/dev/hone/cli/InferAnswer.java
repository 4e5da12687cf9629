package dev.hone.cli;

import java.util.List;
import java.util.Map;

/**
 * What is said of one input.
 *
 * @param json names and values of the JSON object, in order
 * @param lines the same for people
 */
record InferAnswer(Map<String, Object> json, List<String> lines) {}
