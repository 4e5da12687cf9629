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

    private static final int WORDS_AT_ONCE = 64;

    private final PackedWeights layout;
    private final LineSource source;
    private final float @Nullable [] bias;
    private final float @Nullable [] scales;
    private final MemorySegment destination;
    private final int[] sums;

    /**
     * Prepares to pack.
     *
     * @param source the weights; whole numbers from -128 to 127 for {@link LinearProduct#BYTES}
     * @param bias N values, or null for none
     * @param scales N values for {@link LinearProduct#BYTES}, else null
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
        boolean bytes = layout.product() == LinearProduct.BYTES;
        if (bytes ? scales == null || scales.length != layout.columns() : scales != null) {
            throw new IllegalArgumentException("scales and product do not fit: " + layout);
        }
        if (destination.byteSize() < layout.bytes()) {
            throw new IllegalArgumentException(destination.byteSize() + " bytes for " + layout);
        }
        this.layout = layout;
        this.source = source;
        this.bias = bias;
        this.scales = scales;
        this.destination = destination;
        this.sums = new int[bytes ? layout.paddedColumns() : 0];
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
        int depths = layout.words() * layout.product().depthsPerWord();
        float[][] columns = new float[layout.panelColumns()][depths];
        float[] line = new float[layout.depth()];
        WordWriter writer = new WordWriter(layout.product(), WORDS_AT_ONCE * layout.panelColumns());
        for (int panel = 0; panel < layout.panels(); panel++) {
            int first = panel * layout.panelColumns();
            int width = layout.width(panel);
            int real = Math.min(width, layout.columns() - first);
            for (int column = 0; column < real; column++) {
                source.read(first + column, line);
                System.arraycopy(line, 0, columns[column], 0, line.length);
                addUp(first + column, line);
            }
            for (int column = real; column < width; column++) {
                Arrays.fill(columns[column], 0);
            }
            for (int word = 0; word < layout.words(); word += WORDS_AT_ONCE) {
                int words = Math.min(WORDS_AT_ONCE, layout.words() - word);
                for (int column = 0; column < width; column++) {
                    writer.column(columns[column], word, words, column, width);
                }
                writer.write(words * width, destination, position(panel, word));
            }
        }
    }

    private void packDepths() {
        int together = layout.product().depthsPerWord();
        float[][] lines = new float[together][layout.columns()];
        float[] column = new float[together];
        WordWriter writer = new WordWriter(layout.product(), layout.panelColumns());
        for (int word = 0; word < layout.words(); word++) {
            for (int part = 0; part < together; part++) {
                readDepth(word * together + part, lines[part]);
            }
            for (int panel = 0; panel < layout.panels(); panel++) {
                int first = panel * layout.panelColumns();
                for (int index = 0; index < layout.width(panel); index++) {
                    for (int part = 0; part < together; part++) {
                        column[part] = first + index < layout.columns() ? lines[part][first + index] : 0;
                    }
                    writer.column(column, 0, 1, index, layout.width(panel));
                }
                writer.write(layout.width(panel), destination, position(panel, word));
            }
        }
    }

    private void readDepth(int depth, float[] line) {
        if (depth >= layout.depth()) {
            Arrays.fill(line, 0);
            return;
        }
        source.read(depth, line);
        for (int column = 0; column < line.length && sums.length > 0; column++) {
            sums[column] += (int) line[column];
        }
    }

    private void addUp(int column, float[] values) {
        if (sums.length > 0) {
            int sum = 0;
            for (float value : values) {
                sum += (int) value;
            }
            sums[column] = sum;
        }
    }

    private long position(int panel, int word) {
        int width = layout.width(panel);
        long header = (long) layout.product().headerLines() * Integer.BYTES * width;
        return layout.panelOffset(panel)
                + header
                + (long) word * width * layout.product().weightBytes();
    }

    private void packHeader(int panel) {
        int first = panel * layout.panelColumns();
        int width = layout.width(panel);
        int real = Math.min(width, layout.columns() - first);
        long position = layout.panelOffset(panel);
        for (float[] line : scales == null ? new float[][] {bias} : new float[][] {bias, scales}) {
            float[] values = new float[width];
            if (line != null) {
                System.arraycopy(line, first, values, 0, real);
            }
            MemorySegment.copy(values, 0, destination, ValueLayout.JAVA_FLOAT, position, width);
            position += (long) width * Float.BYTES;
        }
        if (sums.length > 0) {
            MemorySegment.copy(sums, first, destination, ValueLayout.JAVA_INT, position, width);
        }
    }
}
