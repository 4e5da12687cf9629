package dev.hone.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code hone} command. */
@Command(
        name = "hone",
        description = "Makes encoders of the BERT family fast on CPUs, and proves that they still answer the same.",
        subcommands = {
            OptimizeCommand.class,
            InferCommand.class,
            EvaluateCommand.class,
            BenchmarkCommand.class,
            CompareCommand.class,
            ProfileCommand.class,
            TransformCommand.class,
            QuantizeCommand.class,
            OnnxOptimizeCommand.class,
            SweepCommand.class,
            BertEvaluationCommand.class,
            TuneCommand.class,
            CompileCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage.",
            "",
            "Examples:",
            "  hone optimize                              the best way to run it here",
            "  hone infer MODEL \"a text\"                  what a model answers",
            "  hone evaluate MODEL --task sst2 --data D   how right it is",
            "  hone benchmark MODEL --shape 1x8,1x128     its latency",
            "  hone compare BEFORE.json AFTER.json        which differences are real",
            "  hone profile MODEL                         where the time goes",
            "  hone transform MODEL                       what transforms do to its graph",
            "  hone quantize F.onnx --out G.onnx          bytes for ONNX Runtime",
            "  hone onnx-optimize F.onnx --out G.onnx     the operators of ONNX Runtime",
            "  hone sweep sweep.yaml                      a grid of settings of both",
            "  hone bert-evaluation --model MODEL --infer  what each transform gains",
            "  hone tune MODEL --budget 60s               quicker schedules for this CPU",
            "  hone compile MODEL --out DIR               a folder that starts quickly"
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Reads the version that the build wrote into {@code version.properties}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Properties properties = new Properties();
            try (InputStream stream = Main.class.getResourceAsStream("version.properties")) {
                if (stream == null) {
                    throw new IOException("version.properties is missing beside " + Main.class);
                }
                properties.load(stream);
            }
            return new String[] {"hone " + properties.getProperty("version")};
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command: try optimize, or --help for all commands");
    }

    /** Runs one command line and says how it ended: 0 done, 1 failed, 2 wrong usage. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine command = new CommandLine(new Main()).setOut(out).setErr(err);
        Failures failures = new Failures();
        command.setExecutionExceptionHandler(failures);
        command.setParameterExceptionHandler(failures);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setUsageHelpAutoWidth(true);
        int status = execute(command, Arrays.stream(arguments).map(Main::dashed).toArray(String[]::new));
        out.flush();
        err.flush();
        return status;
    }

    private static int execute(CommandLine command, String... arguments) {
        try {
            return command.execute(arguments);
        } catch (OutOfMemoryError full) {
            return Failures.outOfMemory(command.getErr(), full);
        }
    }

    /** An option with hyphens between its words, which Python joins by underscores. */
    private static String dashed(String argument) {
        int end = argument.indexOf('=');
        String name = end < 0 ? argument : argument.substring(0, end);
        return name.startsWith("--") ? name.replace('_', '-') + argument.substring(name.length()) : argument;
    }

    /** Entry point of the process. */
    public static void main(String[] arguments) {
        // A library says by three lines that nobody listens to its log; standard error is for what the user can use.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(run(writer(FileDescriptor.out), writer(FileDescriptor.err), arguments));
    }

    /** UTF-8 whatever the locale is: the output contracts are JSON. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
