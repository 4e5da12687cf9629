package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.ScratchFolder;
import dev.hone.evaluate.TransformVariant;
import dev.hone.evaluate.data.Columns;
import dev.hone.evaluate.data.DataFile;
import dev.hone.evaluate.data.DataSets;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Rows;
import dev.hone.evaluate.data.Sampling;
import dev.hone.measure.Json;
import dev.hone.measure.Progress;
import dev.hone.session.ExportedModel;
import dev.hone.task.EmbeddedModel;
import dev.hone.task.TaskConfiguration;
import dev.hone.task.TaskKind;
import dev.hone.transform.ComposeTransformation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What transforms of a graph do to a question answerer: time of a question, and F1 and speed on SQuAD. */
@Command(
        name = "bert-evaluation",
        description = "Measures a question answerer as it is and under transforms of its graph: the time of a simple"
                + " question, and F1, samples a second and latency on parts of SQuAD v2. Without --infer and"
                + " --evaluate it does both.",
        footer = {
            "",
            "Engines: 'onnxruntime as written' runs a file's nodes as they stand and so shows what a transform itself",
            "does; 'onnxruntime' optimises each file first; 'hone' fuses each file to the same kernels.",
            "",
            "Examples:",
            "  hone bert-evaluation --model MODEL --infer --transform",
            "  hone bert-evaluation --model MODEL --evaluate --transform --data dev-v2.0.json --samples 10,100,1000"
        })
final class BertEvaluationCommand implements Callable<Integer> {
    private static final List<String> DEVICES = List.of("cpu");

    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--device", paramLabel = "DEVICE", description = "What to run on: cpu.")
    private String device = "cpu";

    @Option(
            names = "--infer",
            description = "Time a simple question, the average of --runs runs; --transform does, too.")
    private boolean infer;

    @Option(names = "--evaluate", description = "Answer parts of SQuAD v2.")
    private boolean evaluate;

    @Option(names = "--transform", description = "Do so under each transform, too, and under all of them together.")
    private boolean transform;

    @Option(names = "--model", paramLabel = "MODEL", description = "A directory or an ONNX file.")
    private @Nullable Path model;

    @Option(
            names = "--data",
            paramLabel = "D",
            description = "SQuAD v2 as JSON, a directory that holds it, or hf:NAME of the hub.")
    private @Nullable Path data;

    @Option(names = "--samples", paramLabel = "N", split = ",", description = "Questions: ${DEFAULT-VALUE}.")
    private List<Integer> samples = List.of(10, 100, 1000);

    @Option(names = "--runs", paramLabel = "N", description = "Runs of the simple question: ${DEFAULT-VALUE}.")
    private int runs = 100;

    @Option(names = "--batch", paramLabel = "N", description = "Questions of a call on SQuAD: ${DEFAULT-VALUE}.")
    private int batch = 8;

    @Option(names = "--seed", paramLabel = "S", description = "Draws the questions: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--passes",
            paramLabel = "A",
            split = ",",
            description = "Transforms applied alone; default: those of Optimum and TVM that change a graph.")
    private List<String> passes = List.of(
            "RemoveDropout",
            "MergeLinears",
            "FuseBiasInLinear",
            "ChangeTrueDivToMulByInverse",
            "FoldConstant",
            "EliminateCommonSubexpr",
            "SimplifyExpr",
            "CombineParallelDense",
            "CombineParallelBatchMatmul",
            "DeadCodeElimination",
            "FastMath");

    @Option(
            names = "--composed",
            paramLabel = "A",
            split = ",",
            description = "Transforms applied together: ${DEFAULT-VALUE}.")
    private List<String> composed =
            List.of("RemoveDropout", "MergeLinears", "FuseBiasInLinear", "ChangeTrueDivToMulByInverse");

    @Option(names = "--engine", paramLabel = "E", split = ",", description = "Some of those below; default: all.")
    private List<String> engines = List.copyOf(VariantModels.ENGINES);

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        refuseOtherDevices();
        boolean both = !infer && !evaluate;
        boolean answers = evaluate || both;
        Path path = chosenModel(answers);
        if (answers && data == null) {
            throw new HoneException(
                    Category.USAGE,
                    "no data: name SQuAD v2 with --data, for example the public dev-v2.0.json; --infer needs none");
        }
        ComposeTransformation singles = TransformNames.parse(transform ? passes : List.of(), List.of());
        ComposeTransformation together = TransformNames.parse(transform ? composed : List.of(), List.of());
        try (ScratchFolder scratch = ScratchFolder.open();
                ExportedModel exported = ExportedModel.open(path)) {
            List<TransformVariant> variants =
                    TransformVariant.write(path, exported, singles.transforms(), together, scratch.path());
            try (VariantModels models = VariantModels.open(engines, variants, path, common.threads())) {
                models.notes().forEach(spec.commandLine().getErr()::println);
                run(models, infer || both || transform, answers ? data : null);
            }
        }
        return 0;
    }

    private void run(VariantModels models, boolean asks, @Nullable Path place) {
        Progress progress = TerminalProgress.onStandardError();
        try {
            if (asks) {
                print(models.ask(runs, progress));
            }
            if (place != null) {
                evaluate(models, place, progress);
            }
        } finally {
            progress.begin("", 0);
        }
    }

    private void refuseOtherDevices() {
        if (!DEVICES.contains(device)) {
            throw new HoneException(
                    Category.USAGE,
                    "device " + device + " is not one that models run on here; there is " + String.join(", ", DEVICES));
        }
    }

    private Path chosenModel(boolean answers) {
        if (model != null) {
            Path path = ModelArgument.existing(model);
            boolean fits = TaskConfiguration.read(path).task().orElse(TaskKind.QUESTION) == TaskKind.QUESTION;
            if (answers && !fits) {
                throw new HoneException(
                        Category.USAGE,
                        path + " has no head for questions: name a model with one, or ask for --infer alone");
            }
            return path;
        }
        if (answers) {
            throw new HoneException(
                    Category.USAGE,
                    "no model: the bundled one answers no questions, so name one that does with --model (a directory"
                            + " with config.json, model.safetensors and tokenizer.json), or ask for --infer alone");
        }
        spec.commandLine().getErr().println("model: all-MiniLM-L6-v2 (bundled), because no model was named");
        return EmbeddedModel.directory();
    }

    private void evaluate(VariantModels models, Path place, Progress progress) {
        PrintWriter err = spec.commandLine().getErr();
        DataFile file = DataArgument.find(place, DataTask.SQUAD2, err);
        err.println("data: " + file.path());
        List<Integer> sizes = samples.stream().sorted().distinct().toList();
        if (sizes.getFirst() < 1) {
            throw new HoneException(Category.USAGE, "--samples " + sizes.getFirst() + ": give numbers of at least 1");
        }
        try (Rows rows = DataSets.open(file, DataTask.SQUAD2, Columns.parse(List.of()))) {
            List<Example> drawn = Sampling.draw(rows, sizes.getLast(), seed);
            for (int size : sizes) {
                if (drawn.size() < size) {
                    err.println("the data have only " + drawn.size() + " questions, not " + size);
                }
                List<Example> part = drawn.subList(0, Math.min(size, drawn.size()));
                print(part.size(), models.evaluate(part, batch, seed, progress), models);
            }
        }
    }

    private void print(List<VariantModels.Asked> asked) {
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case JSON -> asked.forEach(line -> out.println(Json.line(line)));
            case TABLE -> BertEvaluationTable.asked(asked, common.threads()).forEach(out::println);
        }
        out.flush();
    }

    private void print(int size, List<VariantModels.Scored> results, VariantModels models) {
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case JSON -> results.forEach(result -> out.println(Json.line(result)));
            case TABLE -> BertEvaluationTable.evaluated(size, results, models).forEach(out::println);
        }
        out.flush();
    }
}
