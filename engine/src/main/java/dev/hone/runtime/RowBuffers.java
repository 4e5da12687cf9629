package dev.hone.runtime;

import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.kernel.RowForm;
import dev.hone.runtime.BufferPlan.Buffer;
import dev.hone.runtime.BufferPlan.Extent;
import dev.hone.runtime.BufferPlan.Span;
import dev.hone.tensor.DType;
import dev.hone.tensor.RowRange;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The buffers of a graph's values: one for each form in which steps read a value. */
final class RowBuffers {
    private final Map<String, EnumSet<RowForm>> wanted = new HashMap<>();
    private final Map<String, EnumMap<RowForm, Integer>> numbers = new HashMap<>();
    private final Map<String, RowRange> ranges = new HashMap<>();
    private final List<Extent> extents = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();

    RowBuffers(Graph graph) {
        for (Node node : graph.nodes()) {
            for (int operand = 0; operand < node.inputs().size(); operand++) {
                want(node.input(operand), operand == 0 ? inputForm(node.op()) : RowForm.FLOATS);
            }
            if (!node.inputs().isEmpty() && inputForm(node.op()) == RowForm.QUANTIZED) {
                fix(node.input(0), node.op() instanceof Op.QuantizedLinear linear ? linear.range() : RowRange.OWN);
            }
        }
        graph.outputs().values().forEach(value -> want(value, RowForm.FLOATS));
    }

    private void want(Value value, RowForm form) {
        wanted.computeIfAbsent(value.name(), _ -> EnumSet.noneOf(RowForm.class)).add(form);
    }

    private void fix(Value value, RowRange range) {
        RowRange other = ranges.putIfAbsent(value.name(), range);
        if (other != null && !other.equals(range)) {
            throw Lowering.unsupported(
                    "value " + value.name() + " is quantised with the ranges " + other + " and " + range);
        }
    }

    /** The range in which a value is quantised. */
    RowRange range(Value value) {
        return ranges.getOrDefault(value.name(), RowRange.OWN);
    }

    /** The form in which an operator reads its rows. */
    static RowForm inputForm(Op op) {
        return switch (op) {
            case Op.Linear linear when linear.arithmetic() == DType.BF16 -> RowForm.BFLOATS;
            case Op.QuantizedLinear _, Op.GroupedLinear _ -> RowForm.QUANTIZED;
            case Op.Attention attention when inPairs(attention) -> RowForm.BFLOATS;
            default -> RowForm.FLOATS;
        };
    }

    /** bf16 attention takes columns in pairs; heads of odd size are multiplied in f32, which only adds accuracy. */
    private static boolean inPairs(Op.Attention attention) {
        return attention.arithmetic() == DType.BF16 && attention.headSize() % 2 == 0;
    }

    /** The forms in which a value is read; f32 where nothing reads it. */
    Set<RowForm> forms(Value value) {
        return wanted.getOrDefault(value.name(), EnumSet.of(RowForm.FLOATS));
    }

    /** A buffer for a value in one form. */
    int add(Value value, RowForm form) {
        int rank = value.shape().rank();
        if (rank < 2 || rank > 3) {
            throw Lowering.unsupported(
                    "value " + value + " has neither a row for each token nor one for each sequence");
        }
        extents.add(rank == 3 ? Extent.ROWS : Extent.SEQUENCES);
        widths.add(
                Padding.padded(form.words(Math.toIntExact(value.shape().last().value()))));
        numbers.computeIfAbsent(value.name(), _ -> new EnumMap<>(RowForm.class)).put(form, extents.size() - 1);
        return extents.size() - 1;
    }

    /** @throws HoneException of category UNSUPPORTED when no step makes the value in this form */
    int get(Value value, RowForm form) {
        EnumMap<RowForm, Integer> forms = numbers.get(value.name());
        Integer buffer = forms == null ? null : forms.get(form);
        if (buffer == null) {
            throw Lowering.unsupported("value " + value.name() + " is read but no step makes it");
        }
        return buffer;
    }

    boolean has(Value value, RowForm form) {
        EnumMap<RowForm, Integer> forms = numbers.get(value.name());
        return forms != null && forms.containsKey(form);
    }

    boolean perRow(int buffer) {
        return extents.get(buffer) == Extent.ROWS;
    }

    /** Places all buffers by the steps that write and read them; outputs live to the end. */
    BufferPlan plan(List<StepSpec> steps, List<PlanOutput> outputs) {
        int[] first = new int[extents.size()];
        int[] last = new int[extents.size()];
        for (int index = 0; index < steps.size(); index++) {
            for (int written : steps.get(index).written()) {
                first[written] = index;
                last[written] = index;
            }
            for (int read : steps.get(index).reads()) {
                last[read] = index;
            }
        }
        outputs.forEach(output -> last[output.buffer()] = steps.size());
        int[] stages = BufferPlan.stages(steps);
        List<Buffer> planned = new ArrayList<>();
        for (int index = 0; index < extents.size(); index++) {
            planned.add(new Buffer(
                    extents.get(index),
                    widths.get(index),
                    new Span(first[index], last[index]),
                    new Span(stages[first[index]], stages[last[index]])));
        }
        return BufferPlan.of(planned);
    }
}
