package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a browser: it must work, and not only be written. */
final class ReportInBrowserTest {
    private static final String PANE = "document.querySelectorAll('.pane')[0]";
    private static final int CANDIDATES = 6;

    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    private static Path page;

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = Browser.start(folder);
        page = Files.writeString(folder.resolve("report.html"), ReportPage.html(SampleReport.make()));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static int count(String selector) {
        return browser.run("document.querySelectorAll(\"" + selector + "\").length")
                .asInt();
    }

    private static int nodesInPane() {
        return browser.run(PANE + ".querySelectorAll('.node').length").asInt();
    }

    @ParameterizedTest
    @CsvSource({"light, 1300", "dark, 1300", "light, 380", "dark, 380"})
    void drawsWithoutComplaintInBothThemesAndAnyWidth(String theme, int width) {
        browser.call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
        browser.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        browser.open(page);
        assertThat(browser.run("typeof window.broken").asText()).isEqualTo("undefined");
        assertThat(count("#candidates tbody tr")).isEqualTo(CANDIDATES);
        assertThat(count("#charts figure svg")).isEqualTo(3);
        assertThat(count("#charts g.candidate")).isEqualTo(CANDIDATES);
        assertThat(count("#operators figure svg rect")).isGreaterThan(10);
        assertThat(count("#passes tbody tr")).isGreaterThan(10);
        assertThat(count(".pane .node")).isGreaterThan(20);
        assertThat(browser.run("document.scrollingElement.scrollWidth").asInt())
                .as("nothing sticks out at the side")
                .isLessThanOrEqualTo(width);
        boolean dark = browser.run("getComputedStyle(document.body).backgroundColor")
                .asText()
                .equals("rgb(21, 23, 26)");
        assertThat(dark).isEqualTo(theme.equals("dark"));
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).containsExactly(page.toUri().toString());
    }

    @Test
    void tablesSortInBothDirections() {
        browser.open(page);
        String first = "document.querySelector('#candidates tbody tr th').firstChild.textContent.trim()";
        String button =
                "[...document.querySelectorAll('#candidates th button')].find(b => b.textContent === 'accuracy')";
        assertThat(browser.run(first).asText()).isEqualTo("onnxruntime f32");
        browser.run(button + ".click()");
        assertThat(browser.run(first).asText()).isEqualTo(SampleReport.HOSTILE.strip());
        browser.run(button + ".click()");
        assertThat(browser.run(first).asText()).isEqualTo("onnxruntime f32");
        assertThat(count("#candidates th[aria-sort=descending]")).isEqualTo(1);
    }

    @Test
    void layersFoldAndUnfold() {
        browser.open(page);
        int opened = nodesInPane();
        browser.run(PANE + ".querySelector('[data-fold=\"0\"]').dispatchEvent(new MouseEvent('click'))");
        int folded = nodesInPane();
        assertThat(folded).isLessThan(opened);
        assertThat(browser.run(PANE + ".querySelectorAll('.node.layer').length").asInt())
                .isEqualTo(SampleReport.LAYERS);
        browser.run(PANE + ".querySelector('.node[data-layer=\"0\"]').dispatchEvent(new MouseEvent('click'))");
        assertThat(nodesInPane()).isEqualTo(opened);
        browser.run("[...document.querySelectorAll('.pane button')].find(b => b.textContent === 'Unfold all').click()");
        assertThat(nodesInPane()).isGreaterThan(SampleReport.LAYERS * (opened - folded));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void searchFindsANodeInAFoldedLayerAndSelectsIt() {
        browser.open(page);
        String name = "/encoder/layer.4/attention/self/Softmax_output_0";
        String field = PANE + ".querySelector('input[type=search]')";
        browser.run(
                field + ".value = 'layer.4/attention/self/softmax'; " + field + ".dispatchEvent(new Event('input'))");
        assertThat(browser.run(PANE + ".querySelector('.controls [role=status]').textContent")
                        .asText())
                .isEqualTo("1 of 1");
        assertThat(browser.run(PANE + ".querySelector('.node.selected').dataset.name")
                        .asText())
                .isEqualTo(name);
        assertThat(browser.run(PANE + ".querySelector('.inspect .name').textContent")
                        .asText())
                .isEqualTo(name);
        assertThat(browser.run(PANE + ".querySelector('.inspect .shape').textContent")
                        .asText())
                .isEqualTo("f32[batch, 12, sequence, sequence]");
        browser.run(field + ".value = 'no such thing'; " + field + ".dispatchEvent(new Event('input'))");
        assertThat(browser.run(PANE + ".querySelector('.controls [role=status]').textContent")
                        .asText())
                .isEqualTo("nothing found");
    }

    @Test
    void aNodeOfTheProfiledGraphTellsItsTime() {
        browser.open(page);
        browser.run("document.querySelectorAll('.pane')[1].querySelector('.node[data-name*=\"layer.0\"]')"
                + ".dispatchEvent(new MouseEvent('click'))");
        assertThat(browser.run("document.querySelectorAll('.pane')[1].querySelector('.inspect').textContent")
                        .asText())
                .contains("ms", "% of all", "m=128");
        assertThat(browser.run("getComputedStyle(document.querySelectorAll('.pane')[1].querySelector('.node.selected'))"
                                + ".getPropertyValue('--heat')")
                        .asDouble())
                .isPositive();
    }

    @Test
    void keysWalkAlongEdgesAndFold() {
        browser.open(page);
        browser.run(PANE + ".querySelector('.canvas svg').focus()");
        browser.press("ArrowDown");
        String first = browser.run("document.activeElement.dataset.name").asText();
        assertThat(first).isNotEmpty();
        browser.press("ArrowDown");
        assertThat(browser.run("document.activeElement.dataset.name").asText())
                .isNotEmpty()
                .isNotEqualTo(first);
        browser.run(PANE + ".querySelector('.node[data-layer=\"1\"]').focus()");
        int before = nodesInPane();
        browser.press("Enter");
        assertThat(nodesInPane()).isGreaterThan(before);
        browser.press("Enter");
        assertThat(nodesInPane()).isEqualTo(before);
    }

    @Test
    void theThemeCanBeChosen() {
        browser.open(page);
        String paper = "getComputedStyle(document.body).backgroundColor";
        String before = browser.run(paper).asText();
        browser.run("document.getElementById('theme').click()");
        assertThat(browser.run(paper).asText()).isNotEqualTo(before);
    }
}
