package dev.hone.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What one command line printed and how it ended. */
record CommandLineRun(int status, String out, String err) {
    static CommandLineRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new CommandLineRun(status, out.toString(), err.toString());
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
