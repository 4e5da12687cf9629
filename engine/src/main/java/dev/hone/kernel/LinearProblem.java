package dev.hone.kernel;

import dev.hone.machine.Isa;

/**
 * What a linear layer computes, whatever its schedule: what tuning records are kept by.
 *
 * @param depth K, the inputs of the layer
 * @param columns N, the outputs of the layer
 */
public record LinearProblem(
        Isa isa, LinearProduct product, Activation activation, RowForm output, int depth, int columns) {
    /** The problem as one line of text. */
    public String line() {
        return "linear isa=%s product=%s activation=%s output=%s n=%d k=%d"
                .formatted(isa.label(), product.label(), activation.label(), output.label(), columns, depth);
    }

    /** The schedule without tuning. */
    public LinearSchedule usualSchedule() {
        return LinearSchedule.of(isa, product, depth);
    }

    public PackedWeights layout(LinearSchedule schedule) {
        return new PackedWeights(isa, product, schedule, depth, columns);
    }

    public LinearKernel kernel(LinearSchedule schedule) {
        return LinearKernel.of(isa, layout(schedule), activation, output);
    }
}
