package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ReportPageTest {
    private static final int MOST_BYTES = 5_000_000;

    @SuppressWarnings("NullAway.Init") // Made before all tests.
    private static Report report;

    @SuppressWarnings("NullAway.Init") // Made before all tests.
    private static String page;

    @BeforeAll
    static void make() {
        report = SampleReport.make();
        page = ReportPage.html(report);
    }

    @Test
    void dataComeThroughThePageUnchanged() throws IOException {
        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"data\">([^<>]*)</script>")
                .matcher(page);
        assertThat(data.find()).isTrue();
        JsonNode inside = new ObjectMapper().readTree(data.group(1));
        assertThat(inside).isEqualTo(new ObjectMapper().readTree(ReportPage.json(report)));
        assertThat(inside.get("heading").get("summary").get(1).asText()).isEqualTo(SampleReport.HOSTILE);
    }

    @Test
    void namesCannotLeaveTheirPlace() {
        assertThat(page.split("<script", -1)).as("data, libraries, scripts").hasSize(4);
        assertThat(page.split("</script", -1)).hasSize(4);
        assertThat(page).doesNotContain("<script>window.broken");
    }

    @Test
    void nothingIsAskedOfANetwork() {
        assertThat(page).doesNotContainPattern("(src|href)\\s*=\\s*[\"']?(https?:)?//");
        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContain("@import")
                .doesNotContain("url(http");
        assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(MOST_BYTES);
    }

    @Test
    void librariesBringTheirLicences() {
        assertThat(page).contains("<h3>d3 ", "Mike Bostock", "<h3>dagre ", "Chris Pettitt");
    }

    @Test
    void halvesOfCharactersAreEscaped() {
        assertThat(ReportPage.escape("{\"a\":\"\ud83d \ud83d\ude80 \ude80<\u2028\"}", "<\u2028"))
                .isEqualTo("{\"a\":\"\\ud83d \ud83d\ude80 \\ude80\\u003c\\u2028\"}");
    }
}
