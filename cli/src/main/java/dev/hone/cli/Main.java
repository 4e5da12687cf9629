package dev.hone.cli;

import dev.hone.HoneException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The entry point. Exit status: 0 done, 1 failed, 2 wrong usage. A failure is one line on standard error; with
 * {@code --verbose} the stack trace follows.
 */
@Command(
        name = "hone",
        description = "Makes BERT-family encoders fast on CPUs, and proves that they still answer the same.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before a command runs
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean verbose;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The whole command, ready to execute; tests set its writers. */
    static CommandLine commandLine() {
        Main main = new Main();
        return new CommandLine(main).setExecutionExceptionHandler(main::failed);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private int failed(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter errors = command.getErr();
        errors.println("hone: " + (failure instanceof HoneException ? failure.getMessage() : failure));
        if (verbose) {
            failure.printStackTrace(errors);
        }
        boolean wrongUsage = failure instanceof HoneException known && known.category() == HoneException.Category.USAGE;
        return wrongUsage ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

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
}
