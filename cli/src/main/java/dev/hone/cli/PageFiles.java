package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.optimize.ReportFile;
import dev.hone.report.Report;
import dev.hone.report.ReportPage;
import java.nio.file.Path;

/**
 * A report's page and, beside it, the same data as JSON: {@code report.html} and {@code report.json}.
 *
 * <p>Opened before the work whose result they take, so that a place that cannot be written is known at once.
 */
final class PageFiles implements AutoCloseable {
    private static final String SUFFIX = ".html";

    private final ReportFile page;
    private final ReportFile data;

    private PageFiles(ReportFile page, ReportFile data) {
        this.page = page;
        this.data = data;
    }

    /**
     * @param model whose files are not written over
     * @throws HoneException of category {@code USAGE} when the name does not end in {@code .html}, {@code OUTPUT} when
     *     a place cannot be written
     */
    static PageFiles at(Path model, Path target) {
        String name = String.valueOf(target.getFileName());
        if (!name.endsWith(SUFFIX) || name.equals(SUFFIX)) {
            throw new HoneException(
                    Category.USAGE, target + ": a report is a page; give a name that ends in " + SUFFIX);
        }
        Path beside = target.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".json");
        OutputPlace.refuseToOverwrite(model, target);
        OutputPlace.refuseToOverwrite(model, beside);
        ReportFile page = ReportFile.at(target);
        try {
            return new PageFiles(page, ReportFile.at(beside));
        } catch (HoneException unwritable) {
            page.close();
            throw unwritable;
        }
    }

    void write(Report report) {
        page.write(ReportPage.html(report));
        data.write(ReportPage.json(report));
    }

    @Override
    public void close() {
        try (page;
                data) {
            // Nothing more to do than to close both, whatever becomes of the other.
        }
    }
}
