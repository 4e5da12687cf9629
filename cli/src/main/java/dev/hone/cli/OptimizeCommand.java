package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.ScratchFolder;
import dev.hone.evaluate.Judge;
import dev.hone.evaluate.data.DataFile;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.measure.Json;
import dev.hone.measure.Progress;
import dev.hone.optimize.Journal;
import dev.hone.optimize.Metric;
import dev.hone.optimize.ModelChecksum;
import dev.hone.optimize.ModelFolder;
import dev.hone.optimize.ReportFile;
import dev.hone.optimize.SamplePair;
import dev.hone.optimize.Search;
import dev.hone.optimize.SearchReport;
import dev.hone.optimize.SearchRows;
import dev.hone.optimize.SearchSettings;
import dev.hone.optimize.Subject;
import dev.hone.optimize.Trial;
import dev.hone.optimize.Way;
import dev.hone.session.ArtefactFacts;
import dev.hone.task.EmbeddedModel;
import dev.hone.task.TaskConfiguration;
import dev.hone.task.TaskKind;
import dev.hone.task.TextInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The main job: the best way to run a model on the user's own data that loses no more than is allowed. */
@Command(
        name = "optimize",
        description =
                "Finds the best way to run a model that loses no more than is allowed on labelled data, beside the"
                        + " original on ONNX Runtime: tries precisions, keeps sensitive layers higher where needed,"
                        + " checks the choice on rows that it was not made on, and writes it as an artefact.",
        footer = {
            "",
            "Data: a file, a directory or hf:OWNER/NAME/WORD of the hub, as hone evaluate takes them; of a directory",
            "all labelled parts but the training part are used. Some rows choose, the others check the choice.",
            "",
            "Examples:",
            "  hone optimize                                         the bundled all-MiniLM-L6-v2 and graded pairs",
            "  hone optimize MODEL --task sst2 --data DIR --max-loss 1%%",
            "  hone optimize MODEL --task squad2 --data dev-v2.0.json --max-loss 0.5 --objective throughput",
            "  hone optimize MODEL --task sst2 --data DIR --budget 10m --resume   goes on with what was measured"
        })
final class OptimizeCommand implements Callable<Integer> {
    private static final String BUNDLED = "all-MiniLM-L6-v2 (bundled)";

    private static final int CALIBRATION_ROWS = 8;

    /** How the report is printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private SearchOptions wish = new SearchOptions();

    @Mixin
    private RowOptions form = new RowOptions();

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            description = "A directory in the layout of Hugging Face or an ONNX file; default: the bundled model.")
    private @Nullable Path model;

    @Option(names = "--task", paramLabel = "T", description = "What the data are for, as hone evaluate takes it.")
    private @Nullable String task;

    @Option(
            names = "--data",
            paramLabel = "D",
            description = "A file, a directory or hf:NAME of the hub; default for sentence embedders: bundled graded"
                    + " pairs.")
    private @Nullable Path data;

    @Option(names = "--resume", description = "Go on with what an earlier search at the same place has measured.")
    private boolean resume;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the artefact, the report and the journal: ${DEFAULT-VALUE}. A path that ends in"
                    + " .json takes the report alone.")
    private Path out = Path.of("hone-optimized");

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "The page with tables, charts and graphs, its data beside it as FILE.json; default: page.html"
                    + " in the folder of --out.")
    private @Nullable Path page;

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    /** What the command line asks for, read before anything is opened. */
    private record Wanted(Path model, TaskConfiguration configuration, DataTask task, SearchSettings settings) {}

    @Override
    public Integer call() throws IOException {
        Path path = model == null ? EmbeddedModel.directory() : ModelArgument.existing(model);
        OptimizePlace.refuseInside(path, out);
        OptimizePlace place = OptimizePlace.at(out);
        SearchSettings settings = wish.settings(common.threads(), data == null);
        Optional<ChosenArtefact> artefact = place.artefact().map(ChosenArtefact::at);
        Optional<Path> shown = shownPage(place);
        try (OptimizePlace.Folder _ = place.prepare();
                ReportFile file = ReportFile.at(place.json());
                PageFiles pages = shown.isEmpty() ? null : PageFiles.at(path, shown.get())) {
            Wanted wanted = wanted(path, settings);
            Subject subject = subject(wanted);
            try (Journal journal = Journal.open(place.journal(), resume);
                    ModelFolder folder = folder(wanted, settings, subject);
                    Interruption _ = Interruption.watch(
                            journal,
                            () -> artefact.ifPresent(ChosenArtefact::discard),
                            spec.commandLine().getErr())) {
                optimize(subject, settings, new Places(path, place, artefact, file, pages), folder, journal);
            }
        }
        return 0;
    }

    private static ModelFolder folder(Wanted wanted, SearchSettings settings, Subject subject) {
        ModelFolder.Use use = new ModelFolder.Use(wanted.configuration(), wanted.task(), settings.threads());
        List<Example> rows =
                subject.rows().search().stream().limit(CALIBRATION_ROWS).toList();
        return new ModelFolder(wanted.model(), use, rows, ScratchFolder.open());
    }

    private record Places(
            Path model,
            OptimizePlace place,
            Optional<ChosenArtefact> artefact,
            ReportFile file,
            @Nullable PageFiles pages) {}

    private Optional<Path> shownPage(OptimizePlace place) {
        return page == null ? place.page() : Optional.of(page);
    }

    private void optimize(Subject subject, SearchSettings settings, Places places, ModelFolder folder, Journal journal)
            throws IOException {
        Progress progress = TerminalProgress.onStandardError();
        try (Search search = new Search(subject, settings, folder, journal, progress)) {
            SearchReport report = search.run();
            progress.begin("", 0);
            Path artefact = artefact(search, search.chosen(report), folder, places.artefact());
            places.file().write(Json.document(report));
            if (places.pages() != null) {
                ChosenModel closer =
                        new ChosenModel(places.model(), settings.threads(), subject.vocabulary(), settings.seconds());
                ChosenModel.Look look = closer.look(folder, search.chosen(report), progress);
                List<String> summary = OptimizeSummary.lines(report, artefact, command());
                places.pages().write(new OptimizePage(report, look).report(summary, command()));
            }
            print(report, artefact, places.place());
        }
    }

    private Wanted wanted(Path path, SearchSettings settings) {
        if (ArtefactFacts.schemeAt(path).isPresent()) {
            throw new HoneException(
                    Category.USAGE, path + " is compiled already; give the model that it was made from");
        }
        TaskConfiguration configuration = form.configuration(path);
        boolean embeds = configuration.task().orElse(TaskKind.EMBEDDING) == TaskKind.EMBEDDING;
        if (task == null && (data != null || !embeds)) {
            throw new HoneException(
                    Category.USAGE, "what is the model to be good at? Give --task and --data, as for hone evaluate");
        }
        DataTask what = task == null ? DataTask.STSB : DataTask.parse(task);
        if (data == null && !(what == DataTask.STSB && embeds)) {
            throw new HoneException(Category.USAGE, "--task " + what.label() + " needs labelled rows: give --data");
        }
        return new Wanted(path, configuration, what, settings);
    }

    private Subject subject(Wanted wanted) {
        SearchRows rows = rows(wanted.task());
        if (format == Format.TABLE) {
            spec.commandLine()
                    .getErr()
                    .println("data: " + rows.source() + "; " + rows.search().size() + " rows to choose on, "
                            + rows.heldOut().size() + " to check on");
        }
        Judge judge = Judge.of(wanted.task(), wanted.configuration());
        rows.search().forEach(judge::check);
        rows.heldOut().forEach(judge::check);
        String name = model == null ? BUNDLED : wanted.model().toString();
        int vocabulary = ModelFacts.of(wanted.model(), OptionalInt.empty()).vocabulary();
        return new Subject(
                name, ModelChecksum.of(wanted.model()), vocabulary, judge, Metric.of(wanted.task(), judge), rows);
    }

    private SearchRows rows(DataTask what) {
        if (data == null) {
            return SearchRows.split("graded sentence pairs (bundled)", bundledRows(), wish.samples(), wish.seed());
        }
        List<DataFile> files =
                DataArgument.findAll(data, what, spec.commandLine().getErr());
        return SearchRows.draw(files, what, form.columns(), wish.samples(), wish.seed());
    }

    private static List<Example> bundledRows() {
        List<Example> rows = new ArrayList<>();
        for (SamplePair pair : SamplePair.bundled()) {
            String id = Integer.toString(rows.size());
            rows.add(new Example.Graded(id, TextInput.pair(pair.first(), pair.second()), pair.grade()));
        }
        return rows;
    }

    private static @Nullable Path artefact(
            Search search, Way chosen, ModelFolder folder, Optional<ChosenArtefact> wanted) throws IOException {
        if (wanted.isEmpty() || chosen.isOriginal()) {
            return null;
        }
        wanted.get().write(search, chosen, folder);
        return wanted.get().place();
    }

    private void print(SearchReport report, @Nullable Path artefact, OptimizePlace place) {
        PrintWriter writer = spec.commandLine().getOut();
        if (format == Format.TABLE) {
            OptimizeSummary.lines(report, artefact, command()).forEach(writer::println);
            writer.println();
            OptimizeTable.lines(report).forEach(writer::println);
            writer.println("report    " + place.json().toAbsolutePath());
            shownPage(place).ifPresent(shown -> writer.println("page      " + shown.toAbsolutePath()));
            return;
        }
        for (Trial candidate : report.candidates()) {
            writer.println(Json.line(candidate));
        }
        Map<String, @Nullable Object> last = new LinkedHashMap<>();
        last.put("chosen", report.chosen());
        last.put("artefact", artefact == null ? null : artefact.toAbsolutePath().toString());
        last.put("report", place.json().toAbsolutePath().toString());
        last.put("held_out", report.check());
        last.put("command", command());
        writer.println(Json.line(last));
    }

    private String command() {
        return ModelPages.typed(spec);
    }
}
