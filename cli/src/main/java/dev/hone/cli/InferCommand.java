package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.Engines;
import dev.hone.measure.Json;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.task.Hone;
import dev.hone.task.RawAnswer;
import dev.hone.task.RawOutputs;
import dev.hone.task.TaskConfiguration;
import dev.hone.task.TaskKind;
import dev.hone.task.TextInput;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a model on texts. */
@Command(
        name = "infer",
        description = "Runs a model on texts; what it answers follows from the model's head.",
        footer = {
            "",
            "Examples:",
            "  hone infer \"How are you?\"                          the bundled model: a sentence embedding",
            "  hone infer MODEL \"a gripping film\" \"a waste of time\"",
            "  hone infer MODEL \"first sentence\" --pair \"second sentence\"",
            "  hone infer MODEL --question \"Who moved?\" --context \"She moved to Paris in 1921.\"",
            "  hone infer sentence-transformers/all-MiniLM-L6-v2 \"a text\"    fetched from the hub at first",
            "  hone infer MODEL --input texts.txt --format json > answers.jsonl"
        })
final class InferCommand implements Callable<Integer> {
    /** How answers are printed. */
    enum Format {
        TEXT,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private SchemeOptions schemes = new SchemeOptions();

    @Parameters(
            paramLabel = "[MODEL] TEXT",
            arity = "0..*",
            description =
                    "A directory in the layout of Hugging Face, an ONNX file or OWNER/NAME on the hub (default: the"
                            + " bundled model), then texts.")
    private List<String> words = List.of();

    @Option(
            names = "--task",
            paramLabel = "T",
            description = "embedding, text-classification, token-classification,"
                    + " question-answering or fill-mask; default: what the model was made for.")
    private @Nullable String task;

    @Option(names = "--pair", paramLabel = "B", description = "The second text of a pair with each TEXT.")
    private @Nullable String pair;

    @Option(names = "--question", paramLabel = "Q", description = "A question; each TEXT is a context for it.")
    private @Nullable String question;

    @Option(names = "--context", paramLabel = "C", description = "The text that may hold the answer.")
    private @Nullable String context;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "Texts from a file, one a line; - reads standard input.")
    private @Nullable String input;

    @Option(names = "--logits", description = "Also the token ids and the outputs of the model as they are.")
    private boolean logits;

    @Option(names = "--top", paramLabel = "N", description = "Tokens for a masked place: ${DEFAULT-VALUE}.")
    private int top = 5;

    @Option(names = "--engine", paramLabel = "E", description = "hone or onnxruntime; default: ${DEFAULT-VALUE}.")
    private String engine = "hone";

    @Option(
            names = "--precision",
            paramLabel = "P",
            completionCandidates = PrecisionLabels.class,
            description = "Of the large products, one of ${COMPLETION-CANDIDATES}; default: f32, or an artefact's.")
    private @Nullable String precision;

    @Option(names = "--format", paramLabel = "F", description = "text or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        TaskKind asked = task == null ? null : TaskNames.parse(task);
        ModelArgument argument = ModelArgument.of(words, err);
        refuseNothing(argument.texts());
        long start = System.nanoTime();
        try (Hone model = open(argument)) {
            long opened = System.nanoTime();
            TaskKind kind = asked == null ? model.task() : asked;
            int answered = answer(model, kind, argument.texts());
            if (common.verbose()) {
                err.printf(
                        Locale.ROOT,
                        "opened in %.1f ms, %d answers in %.1f ms%n",
                        (opened - start) / 1e6,
                        answered,
                        (System.nanoTime() - opened) / 1e6);
            }
        }
        return 0;
    }

    private void refuseNothing(List<String> texts) {
        if (top < 1) {
            throw new HoneException(Category.USAGE, "--top " + top + ": give a number of at least 1");
        }
        if (texts.isEmpty() && input == null && context == null) {
            throw new HoneException(
                    Category.USAGE, "no text: give one or more after the model, or a file with --input");
        }
        if (context != null && question == null) {
            throw new HoneException(Category.USAGE, "--context without a question: add --question Q");
        }
        if (pair != null && question != null) {
            throw new HoneException(Category.USAGE, "--pair and --question exclude each other: leave one away");
        }
    }

    private Hone open(ModelArgument argument) {
        EngineOptions options = schemes.engine(
                argument.path(),
                precision == null ? ModelFacts.precision(argument.path()) : precision,
                common.threads());
        TaskConfiguration configuration = TaskConfiguration.read(argument.path());
        return Hone.open(
                () -> Engines.named(engine).open(argument.path(), options),
                ModelDirectory.of(argument.path()),
                configuration);
    }

    /** Answers all texts and says how many there were. */
    private int answer(Hone model, TaskKind kind, List<String> texts) {
        List<String> given = new ArrayList<>(texts);
        if (context != null) {
            given.add(context);
        }
        int[] answered = {given.size()};
        try (TaskAnswers answers = TaskAnswers.open(model, kind, top);
                RawOutputs raw = model.rawOutputs()) {
            print(answers, raw, given);
            if (input != null) {
                TextSource.read(input, chunk -> {
                    answered[0] += chunk.size();
                    print(answers, raw, chunk);
                });
            }
        }
        return answered[0];
    }

    private void print(TaskAnswers answers, RawOutputs raw, List<String> texts) {
        PrintWriter out = spec.commandLine().getOut();
        List<TextInput> inputs = texts.stream().map(this::input).toList();
        List<InferAnswer> results = logits ? withOutputs(answers, raw, inputs) : answers.answer(inputs);
        for (InferAnswer result : results) {
            if (format == Format.JSON) {
                out.println(Json.line(result.json()));
            } else {
                result.lines().forEach(out::println);
            }
        }
        out.flush();
    }

    private TextInput input(String text) {
        if (question != null) {
            return TextInput.pair(question, text);
        }
        return pair == null ? TextInput.of(text) : TextInput.pair(text, pair);
    }

    /** What the task needs may be missing when only the outputs are wanted: a mask, or a context. */
    private List<InferAnswer> withOutputs(TaskAnswers answers, RawOutputs raw, List<TextInput> inputs) {
        List<RawAnswer> outputs = raw.run(inputs);
        List<InferAnswer> results = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Map<String, Object> json = new LinkedHashMap<>();
            List<String> lines = new ArrayList<>();
            if (answers.canAnswer(inputs.get(i))) {
                InferAnswer answer = answers.answer(List.of(inputs.get(i))).getFirst();
                json.putAll(answer.json());
                lines.addAll(answer.lines());
            } else {
                json.put("text", inputs.get(i).text());
                lines.add(inputs.get(i).text());
            }
            json.put("input_ids", outputs.get(i).inputIds());
            outputs.get(i).outputs().byName().forEach((name, output) -> {
                json.put(name, rows(output));
                lines.add("  " + name + " " + output.rows() + "x" + output.width());
            });
            results.add(new InferAnswer(json, lines));
        }
        return results;
    }

    /** One flat array where there is one row, or one value a token; an array a token otherwise. */
    private static Object rows(Output output) {
        if (!output.perToken() || output.width() == 1) {
            return output.values();
        }
        float[][] rows = new float[output.rows()][output.width()];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(output.values(), row * output.width(), rows[row], 0, output.width());
        }
        return rows;
    }
}
