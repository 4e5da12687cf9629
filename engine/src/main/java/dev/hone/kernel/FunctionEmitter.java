package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes one function of LLVM IR: typed values, structured loops and branches. */
final class FunctionEmitter {
    /** The inside of a loop. */
    @FunctionalInterface
    interface LoopBody {
        /** Emits the body and gives the next values of what the loop carries. */
        List<Value> emit(Value index, List<Value> carried);
    }

    private final ModuleEmitter module;
    private final String name;
    private final List<Value> parameters;
    private final StringBuilder allocations = new StringBuilder();
    private StringBuilder text = new StringBuilder();
    private String block = "entry";
    private int values;
    private int labels;

    FunctionEmitter(ModuleEmitter module, String name, List<Value> parameters) {
        this.module = module;
        this.name = name;
        this.parameters = parameters;
    }

    /** Ends the function and adds it to its module. */
    void end() {
        line("ret void");
        module.add(name, parameters, allocations + text.toString());
    }

    Isa isa() {
        return module.isa();
    }

    // ------------------------------------------------------------------ values

    Value binary(String operation, Value left, Value right) {
        return define(left.type(), operation + " " + left + ", " + right.name());
    }

    Value add(Value left, Value right) {
        return binary("add", left, right);
    }

    Value subtract(Value left, Value right) {
        return binary("sub", left, right);
    }

    Value multiply(Value left, Value right) {
        return binary("mul", left, right);
    }

    Value multiply(Value left, long right) {
        return binary("mul", left, Value.of(right));
    }

    Value compare(String condition, Value left, Value right) {
        String operation = left.type().element().equals("float") ? "fcmp " : "icmp ";
        return define(left.type().of(Type.BOOLEAN), operation + condition + " " + left + ", " + right.name());
    }

    Value select(Value condition, Value whenTrue, Value whenFalse) {
        return define(whenTrue.type(), "select " + condition + ", " + whenTrue + ", " + whenFalse);
    }

    Value convert(String operation, Value value, Type type) {
        return define(type, operation + " " + value + " to " + type);
    }

    Value minimum(Value left, Value right) {
        return select(compare("slt", left, right), left, right);
    }

    Value maximum(Value left, Value right) {
        return select(compare("sgt", left, right), left, right);
    }

    /** left · right + sum, rounded once where the instruction set has it; generic code fuses where its target does. */
    Value multiplyAdd(Value left, Value right, Value sum) {
        String name = (isa() == Isa.GENERIC ? "llvm.fmuladd." : "llvm.fma.")
                + left.type().mangled();
        return call(left.type(), name, left, right, sum);
    }

    /** Calls an intrinsic and declares it. */
    Value call(Type result, String intrinsic, Value... arguments) {
        declare(result.toString(), intrinsic, arguments);
        return define(result, "call " + result + " @" + intrinsic + "(" + join(arguments) + ")");
    }

    void callVoid(String intrinsic, Value... arguments) {
        declare("void", intrinsic, arguments);
        line("call void @" + intrinsic + "(" + join(arguments) + ")");
    }

    Value splat(Value scalar, int lanes) {
        Type vector = scalar.type().vector(lanes);
        Value first = define(vector, "insertelement " + vector + " poison, " + scalar + ", i32 0");
        return define(
                vector, "shufflevector " + first + ", " + vector + " poison, <" + lanes + " x i32> zeroinitializer");
    }

    /** Lanes of two vectors by number; those of the second follow those of the first. */
    Value shuffle(Value first, Value second, List<Integer> lanes) {
        String order = lanes.stream().map(lane -> "i32 " + lane).collect(Collectors.joining(", ", "<", ">"));
        return define(
                first.type().vector(lanes.size()),
                "shufflevector " + first + ", " + second + ", <" + lanes.size() + " x i32> " + order);
    }

    /** The larger of two floats, lane by lane; the second where one is NaN. */
    Value larger(Value first, Value second) {
        return select(compare("ogt", first, second), first, second);
    }

    /** The sum of a vector's lanes, by halves. */
    Value sumOfLanes(Value vector) {
        return reduce(vector, (lower, upper) -> binary("fadd", lower, upper));
    }

    /** One value from a vector's lanes, by halves. */
    Value reduce(Value vector, BinaryOperator<Value> combine) {
        Value rest = vector;
        for (int half = vector.type().lanes() / 2; half >= 1; half /= 2) {
            List<Integer> low = IntStream.range(0, half).boxed().toList();
            List<Integer> high = IntStream.range(half, 2 * half).boxed().toList();
            rest = combine.apply(shuffle(rest, rest, low), shuffle(rest, rest, high));
        }
        return define(vector.type().scalar(), "extractelement " + rest + ", i32 0");
    }

    /** A mask of the lanes whose number is below a 64-bit count. */
    Value lanesBelow(Value count, int lanes) {
        Type longs = Type.LONG.vector(lanes);
        String numbers =
                IntStream.range(0, lanes).mapToObj(lane -> "i64 " + lane).collect(Collectors.joining(", ", "<", ">"));
        return compare("slt", new Value(longs, numbers), splat(count, lanes));
    }

    Value define(Type type, String instruction) {
        Value value = fresh(type);
        line(value.name() + " = " + instruction);
        return value;
    }

    // ------------------------------------------------------------------ memory

    /** The address some bytes behind another. */
    Value offset(Value pointer, Value bytes) {
        return define(Type.POINTER, "getelementptr i8, " + pointer + ", " + bytes);
    }

    Value offset(Value pointer, long bytes) {
        return bytes == 0 ? pointer : offset(pointer, Value.of(bytes));
    }

    /** The address of a 32-bit element. */
    Value element(Value pointer, Value index) {
        return define(Type.POINTER, "getelementptr float, " + pointer + ", " + index);
    }

    Value load(Type type, Value pointer) {
        return define(type, "load " + type + ", " + pointer + ", align " + type.alignment());
    }

    void store(Value value, Value pointer) {
        line("store " + value + ", " + pointer + ", align " + value.type().alignment());
    }

    /** The first lanes of a vector from memory, zeros behind them; memory behind them is not touched. */
    Value loadFirst(Type vector, Value pointer, int count) {
        if (count == vector.lanes()) {
            return load(vector, pointer);
        }
        String name = "llvm.masked.load." + vector.mangled() + ".p0";
        return call(vector, name, pointer, alignment(vector), firstLanes(vector, count), Value.zero(vector));
    }

    /** Stores the first lanes of a vector; memory behind them is not touched. */
    void storeFirst(Value value, Value pointer, int count) {
        if (count == value.type().lanes()) {
            store(value, pointer);
            return;
        }
        String name = "llvm.masked.store." + value.type().mangled() + ".p0";
        callVoid(name, value, pointer, alignment(value.type()), firstLanes(value.type(), count));
    }

    private static Value alignment(Type type) {
        return new Value(Type.INT, Integer.toString(type.alignment()));
    }

    /** The mask of the first lanes. */
    static Value firstLanes(Type vector, int count) {
        String mask = IntStream.range(0, vector.lanes())
                .mapToObj(lane -> "i1 " + (lane < count))
                .collect(Collectors.joining(", ", "<", ">"));
        return new Value(vector.of(Type.BOOLEAN), mask);
    }

    /** Room on the stack for some vectors, aligned to the widest of them. */
    Value allocate(Type vector, int count) {
        Value pointer = fresh(Type.POINTER);
        allocations
                .append("  ")
                .append(pointer.name())
                .append(" = alloca [" + count + " x " + vector + "], align 64\n");
        return pointer;
    }

    // ------------------------------------------------------------------ control

    /**
     * Runs the body for {@code first, first + step, …} below the limit; gives the carried values after the last round.
     */
    List<Value> loop(Value first, Value limit, long step, List<Value> carried, LoopBody body) {
        String entry = block;
        String header = label("loop");
        String inside = label("body");
        String exit = label("exit");
        Value index = fresh(first.type());
        List<Value> phis = carried.stream().map(value -> fresh(value.type())).toList();
        line("br label %" + header);
        StringBuilder outer = text;
        text = new StringBuilder();
        start(inside);
        List<Value> next = body.emit(index, phis);
        Value nextIndex = add(index, Value.of(step));
        String latch = block;
        line("br label %" + header);
        StringBuilder inner = text;
        text = outer;
        start(header);
        phi(index, first, entry, nextIndex, latch);
        for (int position = 0; position < phis.size(); position++) {
            phi(phis.get(position), carried.get(position), entry, next.get(position), latch);
        }
        branch(compare("slt", index, limit), inside, exit);
        text.append(inner);
        start(exit);
        return phis;
    }

    /** A loop that carries nothing. */
    void loop(Value first, Value limit, long step, Consumer<Value> body) {
        loop(first, limit, step, List.of(), (index, nothing) -> {
            body.accept(index);
            return List.of();
        });
    }

    /**
     * Cuts {@code first … end - 1} into the fewest parts of at most {@code most}, whose sizes differ by at most one.
     */
    void evenly(Value first, Value end, Value most, BiConsumer<Value, Value> body) {
        Value count = subtract(end, first);
        Value rounded = add(count, subtract(most, Value.of(1)));
        Value parts = binary("sdiv", rounded, most);
        // At least 1, so that nothing divides by zero when there is nothing to do.
        Value divisor = maximum(parts, Value.of(1));
        Value size = binary("sdiv", count, divisor);
        Value larger = binary("srem", count, divisor);
        loop(Value.of(0), parts, 1, List.of(first), (part, carried) -> {
            Value isLarger = compare("slt", part, larger);
            Value own = add(size, convert("zext", isLarger, Type.LONG));
            body.accept(carried.getFirst(), own);
            return List.of(add(carried.getFirst(), own));
        });
    }

    void when(Value condition, Runnable body) {
        String inside = label("then");
        String exit = label("end");
        branch(condition, inside, exit);
        start(inside);
        body.run();
        line("br label %" + exit);
        start(exit);
    }

    /** Runs the case of a value from 1 to {@code last}; any other value runs none. */
    void switchOn(Value value, int last, IntConsumer cases) {
        String exit = label("end");
        List<String> targets = new ArrayList<>();
        StringBuilder list = new StringBuilder();
        for (int number = 1; number <= last; number++) {
            targets.add(label("case"));
            list.append(" i64 " + number + ", label %" + targets.getLast());
        }
        line("switch " + value + ", label %" + exit + " [" + list + " ]");
        for (int number = 1; number <= last; number++) {
            start(targets.get(number - 1));
            cases.accept(number);
            line("br label %" + exit);
        }
        start(exit);
    }

    private void phi(Value result, Value first, String entry, Value next, String latch) {
        line(result.name() + " = phi " + result.type() + " [ " + first.name() + ", %" + entry + " ], [ " + next.name()
                + ", %" + latch + " ]");
    }

    private void branch(Value condition, String whenTrue, String whenFalse) {
        line("br " + condition + ", label %" + whenTrue + ", label %" + whenFalse);
    }

    private void declare(String result, String intrinsic, Value... arguments) {
        String types = Arrays.stream(arguments)
                .map(argument -> argument.type().toString())
                .collect(Collectors.joining(", "));
        module.declare("declare " + result + " @" + intrinsic + "(" + types + ")");
    }

    private static String join(Value... values) {
        return Arrays.stream(values).map(Value::toString).collect(Collectors.joining(", "));
    }

    private Value fresh(Type type) {
        return new Value(type, "%v" + values++);
    }

    private String label(String kind) {
        return kind + labels++;
    }

    private void start(String label) {
        text.append(label).append(":\n");
        block = label;
    }

    private void line(String instruction) {
        text.append("  ").append(instruction).append('\n');
    }
}
