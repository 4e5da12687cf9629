package dev.hone.evaluate;

/**
 * A model that is evaluated.
 *
 * @param engine what runs it
 * @param precision arithmetic of its products
 */
public record Entrant(String engine, String precision, Predictor predictor) {}
