package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.hone.machine.Isa;
import dev.hone.tensor.Float16;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One linear layer with random numbers that its product can hold, in plain arithmetic and compiled. */
@SuppressWarnings("ArrayRecordComponent")
record LinearCase(
        Isa isa,
        LinearProduct product,
        int rows,
        int depth,
        int columns,
        float[] inputs,
        float[] weights,
        float[] bias,
        float @Nullable [] scales) {
    LinearCase(Isa isa, LinearProduct product, int rows, int depth, int columns, SplittableRandom random) {
        this(
                isa,
                product,
                rows,
                depth,
                columns,
                inputs(product, KernelFixture.random(random, rows * depth)),
                weights(product, KernelFixture.random(random, columns * depth)),
                KernelFixture.random(random, columns),
                scales(product, KernelFixture.random(random, columns * product.scales(depth))));
    }

    private static float @Nullable [] scales(LinearProduct product, float[] values) {
        return switch (product) {
            case FLOATS, HALF_WEIGHTS, BFLOAT_WEIGHTS, BFLOATS -> null;
            case BYTES -> values;
            case NIBBLES -> bfloats(values);
        };
    }

    /** Memory of the operands. */
    record Operands(MemorySegment inputs, int strideInputs, MemorySegment packed) {}

    private static float[] inputs(LinearProduct product, float[] values) {
        return product == LinearProduct.BFLOATS ? bfloats(values) : values;
    }

    private static float[] weights(LinearProduct product, float[] values) {
        return switch (product) {
            case FLOATS -> values;
            case BFLOATS, BFLOAT_WEIGHTS -> bfloats(values);
            case HALF_WEIGHTS -> {
                for (int index = 0; index < values.length; index++) {
                    values[index] = Float16.fromHalf(Float16.toHalf(values[index]));
                }
                yield values;
            }
            case BYTES -> whole(values, 127);
            case NIBBLES -> whole(values, 8);
        };
    }

    /** Whole numbers from -limit to just below it, or to it where it is 127. */
    private static float[] whole(float[] values, int limit) {
        for (int index = 0; index < values.length; index++) {
            values[index] = Math.clamp(Math.round(values[index] * limit), -limit, limit == 8 ? 7 : limit);
        }
        return values;
    }

    private static float[] bfloats(float[] values) {
        for (int index = 0; index < values.length; index++) {
            values[index] = Float16.fromBfloat16(Float16.toBfloat16(values[index]));
        }
        return values;
    }

    PackedWeights layout() {
        return new PackedWeights(isa, product, LinearSchedule.of(isa, product), depth, columns);
    }

    LinearKernel kernel() {
        return LinearKernel.of(isa, layout(), Activation.NONE, RowForm.FLOATS);
    }

    /** The layer's kernel and, where its inputs are not floats, the one that makes them. */
    List<Kernel> kernels() {
        return product.input() == RowForm.FLOATS ? List.of(kernel()) : List.of(kernel(), conversion());
    }

    private ConvertKernel conversion() {
        return new ConvertKernel(isa, depth, product.input());
    }

    void pack(MemorySegment packed) {
        LineSource lines = (line, into) -> System.arraycopy(weights, line * depth, into, 0, depth);
        new WeightPacker(layout(), lines, bias, scales, packed).pack(WeightPacker.Lines.COLUMNS);
    }

    Operands operands(KernelFixture fixture) {
        MemorySegment packed = fixture.allocate(layout().bytes());
        pack(packed);
        MemorySegment floats = fixture.matrix(inputs, rows, depth);
        int strideFloats = KernelFixture.stride(depth);
        if (product.input() == RowForm.FLOATS) {
            return new Operands(floats, strideFloats, packed);
        }
        int stride = KernelFixture.stride(product.input().words(depth));
        MemorySegment converted = fixture.guarded(4L * rows * stride);
        fixture.run(conversion(), floats, (long) strideFloats, converted, (long) stride, 0L, (long) rows);
        fixture.checkGuards();
        return new Operands(converted, stride, packed);
    }

    /** Computes first row, end row, first panel, end panel. */
    void run(KernelFixture fixture, Operands operands, MemorySegment output, long[] part) {
        run(fixture, kernel(), operands, output, part);
    }

    /** @param kernel of this problem, with panels as wide as those of {@link #layout} */
    void run(KernelFixture fixture, LinearKernel kernel, Operands operands, MemorySegment output, long[] part) {
        fixture.run(
                kernel,
                operands.inputs(),
                (long) operands.strideInputs(),
                operands.packed(),
                output,
                (long) KernelFixture.stride(columns),
                part[0],
                part[1],
                part[2],
                part[3],
                (long) layout().words(),
                (long) columns);
    }

    int check(KernelFixture fixture) {
        Operands operands = operands(fixture);
        int stride = KernelFixture.stride(columns);
        MemorySegment output = fixture.guarded((long) rows * stride * 4);
        run(fixture, operands, output, new long[] {0, rows, 0, layout().panels()});
        fixture.checkGuards();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float got = KernelFixture.get(output, stride, row, column);
                if (product == LinearProduct.BYTES) {
                    assertThat(got)
                            .as("%s row %d column %d", this, row, column)
                            .isEqualTo(integerProduct(operands, row, column));
                } else if (product == LinearProduct.NIBBLES) {
                    // Generic code may round products; sums of groups are below 32 · 255 · 8 / 255 · 2 (inputs below
                    // 1).
                    double allowed = isa == Isa.GENERIC ? Math.ulp(1f) * 512.0 * product.scales(depth) * depth : 0;
                    assertThat((double) got)
                            .as("%s row %d column %d", this, row, column)
                            .isCloseTo(groupedProduct(operands, row, column), offset(allowed));
                } else {
                    // Every rounding of the chain is at most half an ulp of a sum below depth + 2 (inputs are below 1).
                    assertThat((double) got)
                            .as("%s row %d column %d", this, row, column)
                            .isCloseTo(product(row, column), offset(Math.ulp(1f) * (depth + 2.0) * (depth + 2)));
                }
            }
        }
        return rows * columns;
    }

    private double product(int row, int column) {
        double sum = bias[column];
        for (int k = 0; k < depth; k++) {
            sum += (double) inputs[row * depth + k] * weights[column * depth + k];
        }
        return sum;
    }

    /** From the bytes of the quantised row, which has its own test. */
    private float integerProduct(Operands operands, int row, int column) {
        long start = 4L * row * operands.strideInputs();
        long facts = start + 4L * layout().words();
        float step = operands.inputs().get(ValueLayout.JAVA_FLOAT, facts);
        int zero = operands.inputs().get(ValueLayout.JAVA_INT, facts + 4);
        int sum = 0;
        for (int k = 0; k < depth; k++) {
            int level = operands.inputs().get(ValueLayout.JAVA_BYTE, start + k) & 0xff;
            sum += (level - zero) * (int) weights[column * depth + k];
        }
        float scale = Objects.requireNonNull(scales)[column];
        return sum * (step * scale) + bias[column];
    }

    /** As the operator is defined. */
    private float groupedProduct(Operands operands, int row, int column) {
        long start = 4L * row * operands.strideInputs();
        long facts = start + 4L * layout().words();
        float step = operands.inputs().get(ValueLayout.JAVA_FLOAT, facts);
        int zero = operands.inputs().get(ValueLayout.JAVA_INT, facts + 4);
        float products = 0;
        float sums = 0;
        int groups = product.scales(depth);
        for (int group = 0; group < groups; group++) {
            int productSum = 0;
            int weightSum = 0;
            for (int k = 32 * group; k < Math.min(depth, 32 * group + 32); k++) {
                int weight = (int) weights[column * depth + k];
                productSum += (operands.inputs().get(ValueLayout.JAVA_BYTE, start + k) & 0xff) * weight;
                weightSum += weight;
            }
            float scale = Objects.requireNonNull(scales)[column * groups + group];
            products = Math.fma((float) productSum, scale, products);
            sums = Math.fma((float) weightSum, scale, sums);
        }
        return Math.fma((float) -zero, sums, products) * step + bias[column];
    }

    @Override
    public String toString() {
        return "m=%d n=%d k=%d product=%s isa=%s".formatted(rows, columns, depth, product.label(), isa.label());
    }
}
