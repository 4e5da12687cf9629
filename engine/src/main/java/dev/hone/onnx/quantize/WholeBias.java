package dev.hone.onnx.quantize;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A bias in the unit of the sums of a product of bytes: {@code bias ≈ number · value's scale · weight's scale}.
 *
 * @param numbers of 32 bits, one for each column
 * @param scales of the shape of the weight's scales
 * @param zeros of the scales' shape: zeros
 */
record WholeBias(Tensor numbers, Tensor scales, Tensor zeros) {
    /**
     * Takes the nearest numbers.
     *
     * @param bias of rank 1
     * @param value one scale
     * @param weight one scale, or one for each column
     * @return nothing when the scales are not so many, or a number does not fit 32 bits
     */
    static Optional<WholeBias> of(Tensor bias, float[] value, float[] weight) {
        float[] floats = bias.toFloatArray();
        if (value.length != 1 || (weight.length != 1 && weight.length != floats.length)) {
            return Optional.empty();
        }
        float[] scales = new float[weight.length];
        for (int index = 0; index < scales.length; index++) {
            scales[index] = value[0] * weight[index];
        }
        int[] numbers = new int[floats.length];
        for (int column = 0; column < numbers.length; column++) {
            double number = Math.rint(floats[column] / (double) scales[scales.length == 1 ? 0 : column]);
            if (!(Math.abs(number) <= Integer.MAX_VALUE)) {
                return Optional.empty();
            }
            numbers[column] = (int) number;
        }
        Shape shape = weight.length == 1 ? Shape.SCALAR : Shape.of(weight.length);
        return Optional.of(new WholeBias(
                Tensor.of(DType.I32, bias.shape(), MemorySegment.ofArray(numbers)),
                Tensor.ofFloats(shape, scales),
                Tensor.of(DType.I32, shape, MemorySegment.ofArray(new int[scales.length]))));
    }
}
