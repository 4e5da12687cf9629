package dev.hone.kernel;

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

    private static final int DEPTHS_AT_ONCE = 64;

    private final PackedWeights layout;
    private final LineSource source;
    private final float @Nullable [] bias;
    private final MemorySegment destination;

    /**
     * Prepares to pack.
     *
     * @param bias N values, or null for none
     * @param destination at least {@link PackedWeights#bytes()}, aligned to 64 bytes
     */
    public WeightPacker(PackedWeights layout, LineSource source, float @Nullable [] bias, MemorySegment destination) {
        if (bias != null && bias.length != layout.columns()) {
            throw new IllegalArgumentException(bias.length + " biases for " + layout.columns() + " columns");
        }
        if (destination.byteSize() < layout.bytes()) {
            throw new IllegalArgumentException(destination.byteSize() + " bytes for " + layout);
        }
        this.layout = layout;
        this.source = source;
        this.bias = bias;
        this.destination = destination;
    }

    /** Packs everything. */
    public void pack(Lines lines) {
        switch (lines) {
            case COLUMNS -> packPanels(0, layout.panels());
            case DEPTHS -> packDepths();
        }
    }

    /** Packs some panels from a source of columns. */
    public void packPanels(int firstPanel, int endPanel) {
        float[][] columns = new float[layout.panelColumns()][layout.depth()];
        float[] staged = new float[DEPTHS_AT_ONCE * layout.panelColumns()];
        for (int panel = firstPanel; panel < endPanel; panel++) {
            int first = panel * layout.panelColumns();
            int width = layout.width(panel);
            int real = Math.min(width, layout.columns() - first);
            for (int column = 0; column < real; column++) {
                source.read(first + column, columns[column]);
            }
            packBias(panel, staged);
            for (int depth = 0; depth < layout.depth(); depth += DEPTHS_AT_ONCE) {
                int depths = Math.min(DEPTHS_AT_ONCE, layout.depth() - depth);
                interleave(columns, real, depth, depths, width, staged);
                write(staged, depths * width, layout.panelOffset(panel) + (depth + 1L) * width);
            }
        }
    }

    private static void interleave(float[][] columns, int real, int depth, int depths, int width, float[] staged) {
        Arrays.fill(staged, 0);
        for (int column = 0; column < real; column++) {
            float[] values = columns[column];
            for (int step = 0; step < depths; step++) {
                staged[step * width + column] = values[depth + step];
            }
        }
    }

    private void packDepths() {
        float[] line = new float[layout.columns()];
        float[] staged = new float[layout.panelColumns()];
        for (int panel = 0; panel < layout.panels(); panel++) {
            packBias(panel, staged);
        }
        for (int depth = 0; depth < layout.depth(); depth++) {
            source.read(depth, line);
            for (int panel = 0; panel < layout.panels(); panel++) {
                spread(line, panel, staged);
                write(staged, layout.width(panel), layout.panelOffset(panel) + (depth + 1L) * layout.width(panel));
            }
        }
    }

    private void packBias(int panel, float[] staged) {
        spread(bias == null ? new float[layout.columns()] : bias, panel, staged);
        write(staged, layout.width(panel), layout.panelOffset(panel));
    }

    /** The part of a line that belongs to a panel, with zeros behind the last column. */
    private void spread(float[] line, int panel, float[] staged) {
        int first = panel * layout.panelColumns();
        int width = layout.width(panel);
        int real = Math.min(width, layout.columns() - first);
        System.arraycopy(line, first, staged, 0, real);
        Arrays.fill(staged, real, width, 0);
    }

    private void write(float[] staged, int count, long position) {
        MemorySegment.copy(staged, 0, destination, ValueLayout.JAVA_FLOAT, position * Float.BYTES, count);
    }
}
