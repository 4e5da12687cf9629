package dev.hone.sweep;

import dev.hone.evaluate.Predictor;

/** Times two models beside each other. */
@FunctionalInterface
interface PairTiming {
    /** Lets both answer all rows once. */
    PairTimes time(Predictor reference, Predictor setting);
}
