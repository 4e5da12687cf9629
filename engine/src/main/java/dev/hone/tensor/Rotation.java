package dev.hone.tensor;

/**
 * Mixes the columns of a row before it is quantised, so that no column stands out and all of them share the bytes.
 *
 * <p>The row is cut into {@link #parts} neighbouring parts of the same width. Column i of every part together are
 * multiplied by the Hadamard matrix of that size, which has 1 and -1 for elements: with H its block matrix,
 * {@code H · Hᵀ} is the number of parts times the identity, and so
 *
 * <pre>
 * x · wᵀ = (x · H) · (w / parts · H)ᵀ
 * </pre>
 *
 * <p>A number that is a hundred times its neighbours is thereby spread over as many columns as there are parts. Sums
 * are f32 and made in halves, each step {@code a + b} and {@code a − b} of columns half, a quarter and so on of the
 * parts away, so that whoever follows this order gets the same bits. Source: the rotations of Ashkboos et al., "QuaRot:
 * Outlier-Free 4-Bit Inference in Rotated LLMs", 2024, over few columns far apart instead of all of them, so that
 * nothing moves within vectors.
 *
 * @param columns values in a row
 */
public record Rotation(int columns) {
    private static final int MOST_PARTS = 8;

    /** Parts begin where vectors of this many columns do. */
    private static final int LANES = 16;

    /** How many columns are mixed with each other: 8, 4 or 2; or 1, when rows stay as they are. */
    public int parts() {
        int parts = MOST_PARTS;
        while (parts > 1 && columns % (LANES * parts) != 0) {
            parts /= 2;
        }
        return parts;
    }

    /** From a column to the next that it is mixed with. */
    public int width() {
        return columns / parts();
    }

    /** {@code row := row · H}. */
    public void apply(float[] row) {
        int parts = parts();
        int width = width();
        for (int half = parts / 2; half >= 1; half /= 2) {
            for (int part = 0; part < parts; part++) {
                if ((part & half) == 0) {
                    butterfly(row, part * width, (part + half) * width, width);
                }
            }
        }
    }

    private static void butterfly(float[] row, int first, int second, int width) {
        for (int index = 0; index < width; index++) {
            float sum = row[first + index] + row[second + index];
            row[second + index] = row[first + index] - row[second + index];
            row[first + index] = sum;
        }
    }

    /**
     * One part of mixed rows whose parts lie in lines of their own: what {@link #apply} gives in its columns.
     *
     * @param lines those of all parts; overwritten
     * @return the line that holds the part
     */
    float[] part(int part, float[]... lines) {
        for (int half = lines.length / 2; half >= 1; half /= 2) {
            for (int index = 0; index < half; index++) {
                combine(lines[index], lines[index + half], (part & half) == 0);
            }
        }
        return lines[0];
    }

    private static void combine(float[] first, float[] second, boolean sum) {
        for (int index = 0; index < first.length; index++) {
            first[index] = sum ? first[index] + second[index] : first[index] - second[index];
        }
    }
}
