package dev.hone.cli;

import dev.hone.quantize.Precision;
import java.util.Arrays;
import java.util.Iterator;

/** What --precision takes, for help texts and completion. */
final class PrecisionLabels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(Precision.values()).map(Precision::label).iterator();
    }
}
