package dev.hone.optimize;

import dev.hone.evaluate.Judge;

/**
 * The model that is optimised and what it is asked.
 *
 * @param name what reports call it
 * @param checksum of its files
 * @param vocabulary number of token ids
 */
public record Subject(String name, String checksum, int vocabulary, Judge judge, Metric metric, SearchRows rows) {}
