package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** A name further away than this is no misspelling. */
    private static final int MOST_EDITS = 3;

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

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
        command.getErr().println("hone: " + oneLine(failure.getMessage()) + suggestion(failure, command) + help);
        command.getErr().flush();
        return USAGE;
    }

    private static String suggestion(ParameterException failure, CommandLine command) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        String given = unmatched.getUnmatched().getFirst();
        List<String> names = new ArrayList<>(command.getSubcommands().keySet());
        names.addAll(command.getCommandSpec().optionsMap().keySet());
        return nearest(given, names).map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** The known name with the fewest edits from a given one, when that is close enough to be a misspelling. */
    static Optional<String> nearest(String given, List<String> names) {
        String option = given.replaceFirst("=.*", "");
        int best = Math.min(MOST_EDITS, Math.max(1, option.length() / 2)) + 1;
        String nearest = null;
        for (String name : names) {
            int edits = edits(option, name);
            if (edits < best) {
                best = edits;
                nearest = name;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Levenshtein's distance: the fewest insertions, deletions and replacements of characters. */
    static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
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
