package dev.hone.tensor;

/** Walks the positions of a shape in row-major order. */
final class Positions {
    private Positions() {}

    /** Moves to the next position of the axes up to and including the given one; wraps around at the end. */
    static void advance(long[] position, long[] dims, int lastAxis) {
        for (int axis = lastAxis; axis >= 0; axis--) {
            if (++position[axis] < dims[axis]) {
                return;
            }
            position[axis] = 0;
        }
    }

    static double[] doubles(Tensor tensor) {
        double[] all = new double[Math.toIntExact(tensor.elementCount())];
        long[] dims = tensor.shape().toArray();
        long[] position = new long[dims.length];
        for (int index = 0; index < all.length; index++) {
            all[index] = tensor.getDouble(position);
            advance(position, dims, dims.length - 1);
        }
        return all;
    }
}
