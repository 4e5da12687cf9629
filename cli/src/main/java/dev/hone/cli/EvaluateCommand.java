package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.Engines;
import dev.hone.evaluate.Entrant;
import dev.hone.evaluate.Evaluation;
import dev.hone.evaluate.Evaluation.Conditions;
import dev.hone.evaluate.Evaluation.Listener;
import dev.hone.evaluate.EvaluationResult;
import dev.hone.evaluate.Judge;
import dev.hone.evaluate.PredictionFile;
import dev.hone.evaluate.TaskPredictor;
import dev.hone.evaluate.data.Columns;
import dev.hone.evaluate.data.DataFile;
import dev.hone.evaluate.data.DataSets;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Rows;
import dev.hone.evaluate.data.Sampling;
import dev.hone.measure.Json;
import dev.hone.measure.Progress;
import dev.hone.task.TaskConfiguration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How right a model is on labelled data, and what its answers cost. */
@Command(
        name = "evaluate",
        description = "Measures how right a model is on labelled data, with 95 %% intervals, and what its answers cost."
                + " Engines and precisions named together answer the same rows by turns and are compared with the"
                + " first one by paired tests.",
        footer = {
            "",
            "Tasks: sst2, cola, mrpc, qqp, rte, qnli, mnli, stsb, squad, squad2, ner, text-classification.",
            "Data: JSON Lines, CSV, Parquet and the TSV of GLUE with text, text_b, label and score columns under their",
            "usual names; CoNLL and WNUT token files; SQuAD JSON; JSON Lines and Parquet with lists of tokens and tags",
            "or question, context and answers; each but Parquet as it is or packed (.gz). hf:OWNER/NAME/WORD takes",
            "the validation part of a data set on the Hugging Face hub, of those of its files that WORD names.",
            "",
            "Examples:",
            "  hone evaluate MODEL --task sst2 --data dev.jsonl",
            "  hone evaluate MODEL --task sst2 --data dev.tsv --precision f32,int8 --format json",
            "  hone evaluate MODEL --task text-classification --data reviews.csv --column text=content --samples 1000",
            "  hone evaluate MODEL --task sst2 --data hf:nyu-mll/glue/sst2",
            "  hone evaluate MODEL --task squad2 --data dev-v2.0.json --samples 10,100,1000 --seed 7"
        })
final class EvaluateCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private SchemeOptions schemes = new SchemeOptions();

    @Mixin
    private RowOptions form = new RowOptions();

    @Parameters(
            paramLabel = "[MODEL]",
            arity = "0..1",
            description = "A directory in the layout of Hugging Face, an ONNX file, or OWNER/NAME on the hub; default:"
                    + " the bundled model.")
    private List<String> models = List.of();

    @Option(names = "--task", paramLabel = "T", required = true, description = "What the data are for; see below.")
    private String task = "";

    @Option(
            names = "--data",
            paramLabel = "D",
            required = true,
            description = "A file, a directory that holds a test or development part, or hf:NAME of the hub.")
    private Path data = Path.of("");

    @Option(
            names = "--samples",
            paramLabel = "N",
            split = ",",
            description = "Rows drawn from the data, one or more sizes; default: all rows.")
    private List<Integer> samples = List.of();

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Draws the rows and the intervals: the same seed takes the same ones; ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(names = "--engine", paramLabel = "E", split = ",", description = "One or more: ${DEFAULT-VALUE}.")
    private List<String> engines = List.of("hone");

    @Option(
            names = "--precision",
            paramLabel = "P",
            split = ",",
            description = "One or more; default: f32, or an artefact's.")
    private List<String> precisions = List.of();

    @Option(names = "--batch", paramLabel = "N", description = "Rows of a call: ${DEFAULT-VALUE}.")
    private int batch = 32;

    @Option(names = "--save-predictions", paramLabel = "F", description = "Every answer, a JSON object a line.")
    private @Nullable Path predictions;

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        DataTask what = DataTask.parse(task);
        Columns named = form.columns();
        List<Integer> sizes = sizes();
        DataFile file = DataArgument.find(data, what, spec.commandLine().getErr());
        PrintWriter err = spec.commandLine().getErr();
        err.println("data: " + file.path());
        Path model = ModelArgument.ofModel(models, err);
        if (predictions != null) {
            OutputPlace.check(model, predictions);
            OutputPlace.refuseToOverwriteData(file.shards(), predictions);
        }
        List<Entrant> entrants = new ArrayList<>();
        Progress progress = TerminalProgress.onStandardError();
        try (Rows rows = DataSets.open(file, what, named)) {
            TaskConfiguration configuration = form.configuration(model);
            open(entrants, model, configuration, what);
            Conditions conditions = new Conditions(what, Judge.of(what, configuration), model, batch, seed);
            evaluate(conditions, entrants, rows, sizes, progress);
            rows.notes().forEach(err::println);
        } finally {
            entrants.forEach(entrant -> entrant.predictor().close());
            progress.begin("", 0);
        }
        return 0;
    }

    private List<Integer> sizes() {
        for (int size : samples) {
            if (size < 1) {
                throw new HoneException(Category.USAGE, "--samples " + size + ": give numbers of at least 1");
            }
        }
        return samples.stream().sorted().distinct().toList();
    }

    private void open(List<Entrant> entrants, Path model, TaskConfiguration configuration, DataTask what) {
        List<String> wanted = precisions.isEmpty() ? List.of(ModelFacts.precision(model)) : precisions;
        for (String engine : engines) {
            for (String precision : wanted) {
                EngineOptions options = schemes.engine(model, precision, common.threads());
                TaskPredictor predictor = TaskPredictor.open(
                        () -> Engines.named(engine).open(model, options),
                        ModelDirectory.of(model),
                        configuration,
                        what);
                entrants.add(new Entrant(engine, options.scheme().toString(), predictor));
            }
        }
    }

    private void evaluate(
            Conditions conditions, List<Entrant> entrants, Rows rows, List<Integer> sizes, Progress progress) {
        if (predictions == null) {
            run(new Evaluation(conditions, entrants, (_, _, _) -> {}), rows, sizes, progress);
            return;
        }
        try (PredictionFile saved = new PredictionFile(predictions)) {
            Listener listener = saved::add;
            run(new Evaluation(conditions, entrants, listener), rows, sizes, progress);
            saved.complete();
        }
    }

    private void run(Evaluation evaluation, Rows rows, List<Integer> sizes, Progress progress) {
        if (sizes.isEmpty()) {
            progress.begin("windows of rows", -1);
            evaluation.answer(rows, progress::step);
            print(evaluation.results());
            return;
        }
        List<Example> drawn = Sampling.draw(rows, sizes.getLast(), seed);
        int from = 0;
        for (int size : sizes) {
            int to = Math.min(size, drawn.size());
            if (to < size) {
                spec.commandLine().getErr().println("the data have only " + to + " rows, not " + size);
            }
            if (to > from || from == 0) {
                progress.begin("windows of rows", -1);
                evaluation.answer(drawn.subList(from, to), progress::step);
                print(evaluation.results());
                from = to;
            }
        }
    }

    private void print(List<EvaluationResult> results) {
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case JSON -> results.forEach(result -> out.println(Json.line(result)));
            case TABLE -> EvaluationTable.lines(results).forEach(out::println);
        }
        out.flush();
    }
}
