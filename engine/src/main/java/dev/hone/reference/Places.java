package dev.hone.reference;

/** Where elements lie: offsets in a row-major array for each position of a shape. */
final class Places {
    private Places() {}

    /** Elements between neighbours along each axis. */
    static int[] strides(int... dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    /** For each position of a shape, in row-major order: start plus the sum of coordinate times stride. */
    static int[] walk(int start, int[] dims, int[] strides) {
        int[] offsets = new int[Numbers.count(dims)];
        int[] position = new int[dims.length];
        for (int index = 0; index < offsets.length; index++) {
            int offset = start;
            for (int axis = 0; axis < dims.length; axis++) {
                offset += position[axis] * strides[axis];
            }
            offsets[index] = offset;
            for (int axis = dims.length - 1; axis >= 0 && ++position[axis] == dims[axis]; axis--) {
                position[axis] = 0;
            }
        }
        return offsets;
    }

    /** For each position of the target: the element of the source that NumPy's broadcasting puts there. */
    static int[] broadcast(int[] source, int[] target) {
        int[] own = strides(source);
        int[] strides = new int[target.length];
        int added = target.length - source.length;
        for (int axis = 0; axis < source.length; axis++) {
            strides[added + axis] = source[axis] == 1 ? 0 : own[axis];
        }
        return walk(0, target, strides);
    }
}
