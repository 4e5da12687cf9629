package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.measure.Contestant;
import dev.hone.measure.InputShape;
import dev.hone.measure.Json;
import dev.hone.measure.LatencyBenchmark;
import dev.hone.measure.MachineRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Times single turns as they are asked for, so that contestants of another process can take turns with these. Between
 * two requests all threads sleep.
 */
final class TurnRequests {
    private static final double MOST_SECONDS = 60;
    private static final double NANOS = 1e9;

    private final LatencyBenchmark benchmark;
    private final List<Contestant> contestants;
    private final Set<InputShape> compared = new HashSet<>();

    /**
     * What can be asked for.
     *
     * @param onnx the model's ONNX file for other engines; null where it has none
     * @param leftOut in sentences
     */
    record Greeting(
            MachineRecord machine, @Nullable String onnx, List<ContestantName> contestants, List<String> leftOut) {}

    /** How a request names a contestant. */
    record ContestantName(String engine, String precision) {
        static ContestantName of(Contestant contestant) {
            return new ContestantName(
                    contestant.engine(), contestant.precision().label());
        }
    }

    /** Milliseconds of each call of a turn. */
    @SuppressWarnings("ArrayRecordComponent") // Written out at once.
    private record Answer(double[] millis) {}

    TurnRequests(LatencyBenchmark benchmark, List<Contestant> contestants) {
        this.benchmark = benchmark;
        this.contestants = List.copyOf(contestants);
    }

    /**
     * Answers each line {@code ENGINE PRECISION BxS SECONDS} by a JSON object with the milliseconds of its calls, until
     * the input ends. Answers of all contestants are compared when a shape is asked for first.
     */
    void serve(Greeting greeting, BufferedReader requests, PrintWriter answers) {
        answers.println(Json.line(greeting));
        answers.flush();
        try {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(Json.line(new Answer(turn(line))));
                answers.flush();
            }
        } catch (IOException failure) {
            throw new HoneException(
                    Category.INPUT, "standard input: cannot be read (" + failure.getMessage() + ")", failure);
        }
    }

    private double[] turn(String line) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length != 4) {
            throw new HoneException(
                    Category.USAGE, "request '" + line + "': write ENGINE PRECISION BxS SECONDS with spaces between");
        }
        InputShape shape = InputShape.parse(words[2]);
        Contestant contestant = named(new ContestantName(words[0], words[1]));
        long nanos = nanos(words[3]);
        if (shape.sequence() > contestant.session().maximumLength()) {
            throw new HoneException(
                    Category.USAGE,
                    "shape " + shape + ": the model takes at most "
                            + contestant.session().maximumLength() + " tokens");
        }
        if (compared.add(shape)) {
            benchmark.compare(shape);
        }
        return benchmark.turn(contestant, shape, nanos);
    }

    private Contestant named(ContestantName name) {
        return contestants.stream()
                .filter(each -> ContestantName.of(each).equals(name))
                .findFirst()
                .orElseThrow(() -> new HoneException(
                        Category.USAGE,
                        "no contestant " + name.engine() + " " + name.precision() + ": there are " + contestants));
    }

    private static long nanos(String seconds) {
        try {
            double value = Double.parseDouble(seconds);
            if (value > 0 && value <= MOST_SECONDS) {
                return (long) (value * NANOS);
            }
        } catch (NumberFormatException notANumber) {
            throw new HoneException(Category.USAGE, "seconds '" + seconds + "': not a number", notANumber);
        }
        throw new HoneException(
                Category.USAGE, "seconds " + seconds + ": give more than 0 and at most " + MOST_SECONDS);
    }
}
