package dev.hone.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What opens a report.
 *
 * @param summary about ten sentences for somebody who reads nothing else
 * @param command the command that repeats it
 */
public record Heading(
        String title, List<String> summary, @Nullable String command) {
    public Heading {
        summary = List.copyOf(summary);
    }
}
