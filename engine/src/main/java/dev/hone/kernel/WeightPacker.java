package dev.hone.kernel;

import dev.hone.tensor.Float16;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the weights of one linear layer into the layout of {@link PackedWeights}, a panel at a time, so that no second
 * copy of them exists. Panels are independent: threads may share the work, each with a packer of its own.
 */
public final class WeightPacker {
    /** What a line of the source holds. */
    public enum Lines {
        /** One line for each of the N output columns, K values each: weights as PyTorch stores them. */
        COLUMNS,
        /** One line for each of the K inputs, N values each: weights as an ONNX MatMul stores them. */
        DEPTHS
    }

    private static final int STEPS_AT_ONCE = 64;

    private final PackedWeights layout;
    private final LinearProduct product;
    private final LineSource source;
    private final float @Nullable [] bias;
    private final float[] scales;
    private final MemorySegment destination;
    private final WeightSums sums;

    /**
     * Prepares to pack.
     *
     * @param source the weights; whole numbers from -128 to 127 for {@link LinearProduct#BYTES}, from -8 to 7 for
     *     {@link LinearProduct#NIBBLES}
     * @param bias N values, or null for none
     * @param scales N values for {@link LinearProduct#BYTES}; for {@link LinearProduct#NIBBLES} those of the groups of
     *     the first column, then of the second and so on, all of them bf16 numbers; else null
     * @param destination at least {@link PackedWeights#bytes()}, aligned to 64 bytes
     */
    public WeightPacker(
            PackedWeights layout,
            LineSource source,
            float @Nullable [] bias,
            float @Nullable [] scales,
            MemorySegment destination) {
        if (bias != null && bias.length != layout.columns()) {
            throw new IllegalArgumentException(bias.length + " biases for " + layout.columns() + " columns");
        }
        this.layout = layout;
        this.product = layout.product();
        this.scales = scales == null ? new float[0] : scales;
        if (this.scales.length != (long) product.scales(layout.depth()) * layout.columns()) {
            throw new IllegalArgumentException("scales and product do not fit: " + layout);
        }
        if (destination.byteSize() < layout.bytes()) {
            throw new IllegalArgumentException(destination.byteSize() + " bytes for " + layout);
        }
        this.source = source;
        this.bias = bias;
        this.destination = destination;
        this.sums = new WeightSums(layout, this.scales);
    }

    /** Packs everything. */
    public void pack(Lines lines) {
        switch (lines) {
            case COLUMNS -> packColumns();
            case DEPTHS -> packDepths();
        }
        for (int panel = 0; panel < layout.panels(); panel++) {
            packHeader(panel);
        }
    }

    private void packColumns() {
        float[][] columns = new float[layout.panelColumns()][layout.steps() * product.depthsPerStep()];
        float[] line = new float[layout.depth()];
        // The scales of a group lie between its weights and those of the group before.
        int together = product.scaleBytes() > 0 ? 1 : STEPS_AT_ONCE;
        WordWriter writer = new WordWriter(product, together * layout.panelColumns());
        for (int panel = 0; panel < layout.panels(); panel++) {
            int first = panel * layout.panelColumns();
            int width = layout.width(panel);
            int real = Math.min(width, layout.columns() - first);
            for (int column = 0; column < real; column++) {
                source.read(first + column, line);
                System.arraycopy(line, 0, columns[column], 0, line.length);
                sums.add(first + column, line);
            }
            for (int column = real; column < width; column++) {
                Arrays.fill(columns[column], 0);
            }
            for (int step = 0; step < layout.steps(); step += together) {
                int steps = Math.min(together, layout.steps() - step);
                for (int column = 0; column < width; column++) {
                    writer.column(columns[column], step, steps, column, width);
                }
                writer.write(steps * width, destination, position(panel, step));
            }
        }
    }

    private void packDepths() {
        int together = product.depthsPerStep();
        float[][] lines = new float[together][layout.columns()];
        float[] column = new float[together];
        WordWriter writer = new WordWriter(product, layout.panelColumns());
        for (int step = 0; step < layout.steps(); step++) {
            for (int part = 0; part < together; part++) {
                readDepth(step * together + part, lines[part]);
            }
            for (int panel = 0; panel < layout.panels(); panel++) {
                int first = panel * layout.panelColumns();
                for (int index = 0; index < layout.width(panel); index++) {
                    for (int part = 0; part < together; part++) {
                        column[part] = first + index < layout.columns() ? lines[part][first + index] : 0;
                    }
                    writer.column(column, 0, 1, index, layout.width(panel));
                }
                writer.write(layout.width(panel), destination, position(panel, step));
            }
        }
    }

    private void readDepth(int depth, float[] line) {
        if (depth >= layout.depth()) {
            Arrays.fill(line, 0);
            return;
        }
        source.read(depth, line);
        for (int column = 0; column < line.length; column++) {
            sums.add(column, depth, line[column]);
        }
    }

    /** Where the weights of a step begin, behind the scales of its columns. */
    private long position(int panel, int step) {
        int width = layout.width(panel);
        long header = (long) product.headerLines() * Integer.BYTES * width;
        return layout.panelOffset(panel)
                + header
                + (long) step * width * product.stepBytes()
                + (long) width * product.scaleBytes();
    }

    private void packHeader(int panel) {
        int first = panel * layout.panelColumns();
        int width = layout.width(panel);
        int real = Math.min(width, layout.columns() - first);
        float[] values = new float[width];
        if (bias != null) {
            System.arraycopy(bias, first, values, 0, real);
        }
        long position = layout.panelOffset(panel);
        MemorySegment.copy(values, 0, destination, ValueLayout.JAVA_FLOAT, position, width);
        long next = position + (long) width * Float.BYTES;
        switch (product) {
            case FLOATS, HALF_WEIGHTS, BFLOAT_WEIGHTS, BFLOATS -> {}
            case BYTES -> {
                System.arraycopy(scales, first, values, 0, real);
                MemorySegment.copy(values, 0, destination, ValueLayout.JAVA_FLOAT, next, width);
                sums.writeWhole(first, width, destination, next + (long) width * Float.BYTES);
            }
            case NIBBLES -> {
                sums.writeScaled(first, width, destination, next);
                packScales(panel, first, real);
            }
        }
    }

    private void packScales(int panel, int first, int real) {
        int groups = layout.steps();
        short[] line = new short[layout.width(panel)];
        for (int group = 0; group < groups; group++) {
            for (int column = 0; column < real; column++) {
                line[column] = Float16.toBfloat16(scales[(first + column) * groups + group]);
            }
            long position = position(panel, group) - (long) line.length * Short.BYTES;
            MemorySegment.copy(line, 0, destination, ValueLayout.JAVA_SHORT, position, line.length);
        }
    }
}
