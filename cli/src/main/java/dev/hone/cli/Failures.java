package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every failure as one line on standard error, and the exit status that goes with it. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    static final int FAILED = 1;
    static final int USAGE = 2;

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof HoneException known) {
            err.println("hone: " + oneLine(known.getMessage()));
        } else {
            err.println("hone: unexpected failure: " + oneLine(failure.toString())
                    + "; this is a fault of Hone, please report it with the output of --verbose");
        }
        if (isVerbose(parsed)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof HoneException known && known.category() == Category.USAGE ? USAGE : FAILED;
    }

    /** What a command asked for does not fit into memory, such as a text without an end. */
    static int outOfMemory(PrintWriter err, OutOfMemoryError full) {
        err.println("hone: memory ran out (" + full.getMessage()
                + "); give smaller inputs or batches, or more memory with HONE_JAVA_OPTIONS=-Xmx8g");
        err.flush();
        return FAILED;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
        command.getErr().println("hone: " + what(failure, command) + suggestion(failure, command) + help);
        command.getErr().flush();
        return USAGE;
    }

    private static String what(ParameterException failure, CommandLine command) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !command.getSubcommands().isEmpty()
                && !unmatched.isUnknownOption()
                && !unmatched.getUnmatched().isEmpty()) {
            return "unknown command '" + unmatched.getUnmatched().getFirst() + "'";
        }
        return oneLine(failure.getMessage());
    }

    private static String suggestion(ParameterException failure, CommandLine command) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        String given = unmatched.getUnmatched().getFirst();
        List<String> names = new ArrayList<>(command.getSubcommands().keySet());
        names.addAll(command.getCommandSpec().optionsMap().keySet());
        return NearestName.question(given.replaceFirst("=.*", ""), names);
    }

    private static boolean isVerbose(ParseResult parsed) {
        ParseResult at = parsed;
        while (at.hasSubcommand()) {
            at = at.subcommand();
        }
        return at.hasMatchedOption("--verbose");
    }

    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
