package dev.hone.report;

import dev.hone.measure.Json;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page of a report: one HTML file that holds its data, its scripts and its style, and asks no network for anything.
 *
 * <p>Names of models and nodes come from files that are not trusted. They reach the page as JSON in an element that is
 * not run, and the scripts write them as text only.
 */
public final class ReportPage {
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");
    private static final List<String> SCRIPTS = List.of(
            "base.js", "candidates.js", "charts.js", "operators.js", "layout.js", "graph.js", "passes.js", "page.js");

    private ReportPage() {}

    /** The page as HTML. */
    public static String html(Report report) {
        List<PackedLibrary> libraries =
                List.of(PackedLibrary.read("d3", "dist/d3.min.js"), PackedLibrary.read("dagre", "dist/dagre.min.js"));
        Map<String, String> parts = Map.of(
                "title", escapeMarkup(report.heading().title()),
                "style", own("page.css"),
                "libraries", joined(libraries.stream().map(PackedLibrary::code).toList()),
                "scripts", joined(SCRIPTS.stream().map(ReportPage::own).toList()),
                "licences", licences(libraries),
                "data", escape(Json.line(report), "<>&\u2028\u2029"));
        return fill(own("page.html"), parts);
    }

    /** The same data as a file for programs. */
    public static String json(Report report) {
        return escape(Json.document(report), "");
    }

    /** In one pass, so that what is filled in is never taken for a place. */
    private static String fill(String template, Map<String, String> parts) {
        return PLACE.matcher(template).replaceAll(place -> {
            String part = parts.get(place.group(1));
            if (part == null) {
                throw new IllegalStateException("the page has no part " + place.group(1));
            }
            return Matcher.quoteReplacement(part);
        });
    }

    private static String joined(List<String> scripts) {
        return scripts.stream()
                .map(script -> script.replace("</script", "<\\/script").replace("<!--", "<\\!--"))
                .collect(Collectors.joining("\n"));
    }

    private static String licences(List<PackedLibrary> libraries) {
        return libraries.stream()
                .map(library -> "<h3>" + escapeMarkup(library.name() + " " + library.version()) + "</h3><pre>"
                        + escapeMarkup(library.licence().strip()) + "</pre>")
                .collect(Collectors.joining("\n"));
    }

    private static String own(String file) {
        return PackedLibrary.text("/dev/hone/report/" + file);
    }

    private static String escapeMarkup(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /**
     * JSON with some characters escaped, and always the halves of characters, which no encoding can write. All of these
     * occur in JSON only inside strings.
     */
    static String escape(String json, String characters) {
        StringBuilder escaped = new StringBuilder(json.length());
        for (int at = 0; at < json.length(); at++) {
            char character = json.charAt(at);
            boolean whole = at + 1 < json.length() && Character.isSurrogatePair(character, json.charAt(at + 1));
            if (whole) {
                escaped.append(character).append(json.charAt(++at));
            } else if (characters.indexOf(character) >= 0 || Character.isSurrogate(character)) {
                escaped.append("\\u").append(HexFormat.of().toHexDigits(character));
            } else {
                escaped.append(character);
            }
        }
        return escaped.toString();
    }
}
