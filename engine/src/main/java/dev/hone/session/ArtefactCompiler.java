package dev.hone.session;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.artefact.ArtefactWriter;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.graph.Graph;
import dev.hone.kernel.LinearSchedules;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.Target;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.runtime.Lowering;
import dev.hone.runtime.PackedConstants;
import dev.hone.runtime.Plan;
import dev.hone.runtime.PlanSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Compiles a model into an artefact, which any {@link Session} opens without a compiler. */
public final class ArtefactCompiler {
    private static final String CONFIGURATION = "config.json";

    /** Small files that say how texts become tokens and what outputs mean. */
    private static final List<String> COMPANIONS = List.of(
            CONFIGURATION,
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "modules.json",
            "sentence_bert_config.json");

    private ArtefactCompiler() {}

    /**
     * What was written.
     *
     * @param planBytes of machine code, graph and weights
     * @param notes what reading the model changed, in sentences
     */
    public record Result(long planBytes, List<String> notes) {}

    /**
     * Compiles a model.
     *
     * @param model a directory in the layout of Hugging Face or an ONNX file
     * @param options scheme, outputs and threads to pack with; its instruction set is not used
     * @param targets instruction sets of one architecture to compile for, the plainest first; it need not be that of
     *     this computer
     * @param place a folder that does not exist yet
     * @param version of the program
     * @throws HoneException of category OUTPUT when the artefact cannot be written, USAGE when the instruction sets
     *     are of several architectures, and as {@link Session#open}
     */
    public static Result compile(Path model, SessionOptions options, List<Isa> targets, Path place, String version) {
        String architecture = architecture(targets);
        try (OpenedModel opened = OpenedModel.open(model);
                ArtefactWriter writer = new ArtefactWriter(place, architecture)) {
            for (Isa isa : targets) {
                add(writer, opened, options, isa, Target.of(architecture, isa));
            }
            Path folder = ModelDirectory.of(model);
            for (String name : companions(folder)) {
                writer.addFile(name, folder.resolve(name));
            }
            long bytes = writer.commit(version, options.scheme().toString());
            return new Result(bytes, opened.notes());
        }
    }

    /**
     * The architecture of some instruction sets; that of this computer for generic code alone.
     *
     * @throws HoneException of category USAGE when there are several
     */
    public static String architecture(List<Isa> targets) {
        String here = Machine.detect().architecture();
        return Stream.of(here, "x86_64", "aarch64")
                .filter(name -> targets.stream().allMatch(isa -> isa.existsOn(name)))
                .findFirst()
                .orElseThrow(() -> new HoneException(
                        Category.USAGE,
                        targets.stream().map(Isa::label).toList()
                                + " are of several architectures; compile an artefact for each"));
    }

    /** Modules of a sentence embedder, such as its pooling, have folders of their own, each with a configuration. */
    private static List<String> companions(Path folder) {
        Stream<String> modules = Stream.empty();
        if (Files.isRegularFile(folder.resolve("modules.json"))) {
            try (Stream<Path> entries = Files.list(folder)) {
                modules = entries.map(entry -> entry.getFileName() + "/" + CONFIGURATION).sorted().toList().stream();
            } catch (IOException failure) {
                throw new HoneException(
                        Category.CHECKPOINT, folder + ": cannot be listed: " + failure.getMessage(), failure);
            }
        }
        return Stream.concat(COMPANIONS.stream(), modules)
                .filter(name -> Files.isRegularFile(folder.resolve(name)))
                .toList();
    }

    private static void add(ArtefactWriter writer, OpenedModel opened, SessionOptions options, Isa isa, Target target) {
        Graph fused = Session.fuse(opened, options, isa).graph();
        PlanSource source = Lowering.lower(fused, isa, LinearSchedules.USUAL);
        byte[] object = PlanCompiler.object(source, target);
        PackedConstants constants = new PackedConstants();
        Plan plan = Plan.bind(source, NativeCode.placeOnly(object), constants, options.threads());
        try {
            writer.add(isa, fused, object, constants.taken());
        } finally {
            plan.close();
        }
    }
}
