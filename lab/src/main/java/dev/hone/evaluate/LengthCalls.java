package dev.hone.evaluate;

import dev.hone.evaluate.data.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Rows in calls, those of a call about as long: that spares engines that pad. */
public final class LengthCalls {
    private LengthCalls() {}

    /**
     * The rows of each call, short ones first.
     *
     * @param batch rows of a call; the last one may have fewer
     */
    public static List<List<Example>> of(List<Example> rows, int batch) {
        return places(rows, batch).stream().map(call -> chosen(rows, call)).toList();
    }

    /**
     * What is said to all rows, in their order.
     *
     * @param batch rows of a call; the last one may have fewer
     * @param call answers the rows of one call, in their order
     */
    public static List<Prediction> answer(
            List<Example> rows, int batch, Function<List<Example>, List<Prediction>> call) {
        Prediction[] answers = new Prediction[rows.size()];
        for (List<Integer> places : places(rows, batch)) {
            List<Prediction> said = call.apply(chosen(rows, places));
            for (int index = 0; index < said.size(); index++) {
                answers[places.get(index)] = said.get(index);
            }
        }
        return new ArrayList<>(Arrays.asList(answers));
    }

    private static List<Example> chosen(List<Example> rows, List<Integer> places) {
        return places.stream().map(rows::get).toList();
    }

    private static List<List<Integer>> places(List<Example> rows, int batch) {
        List<Integer> byLength = IntStream.range(0, rows.size())
                .boxed()
                .sorted(Comparator.comparingInt(row -> rows.get(row).characters()))
                .toList();
        List<List<Integer>> calls = new ArrayList<>();
        for (int from = 0; from < byLength.size(); from += batch) {
            calls.add(byLength.subList(from, Math.min(byLength.size(), from + batch)));
        }
        return calls;
    }
}
