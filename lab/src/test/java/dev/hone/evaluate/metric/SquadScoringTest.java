package dev.hone.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.evaluate.metric.SquadScoring.Said;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SquadScoringTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final SquadScoring SCORING = new SquadScoring();

    @ParameterizedTest
    @CsvSource({
        "'The Normans', normans, 1",
        "'U.S.', us, 1",
        "'a  cat\u00a0sat', 'cat sat', 1",
        "'theatre', 'atre', 0",
        "'\u00e9a', '\u00e9', 0",
        "'an \u2019a\u2019 b', '\u2019 \u2019 b', 1",
        "'', 'the', 1",
        "'', 'x', 0",
        "'A-B', 'ab', 1"
    })
    void comparesWhatCounts(String answer, String gold, double exact) {
        assertThat(SquadText.exact(answer, gold)).isEqualTo(exact);
    }

    @Test
    void weighsCommonWords() {
        assertThat(SquadText.f1("in the city of Paris", "Paris")).isEqualTo(2 * 0.25 * 1 / 1.25);
        assertThat(SquadText.f1("b b c", "b b b d")).isEqualTo(2 * (2 / 3.0) * 0.5 / (2 / 3.0 + 0.5));
        assertThat(SquadText.f1("the", "a")).isEqualTo(1);
        assertThat(SquadText.f1("the", "x")).isZero();
        assertThat(SquadText.f1("y", "x")).isZero();
    }

    @Test
    void keepsTheBestOfSeveralAnswersAndSplitsByAnswerability() {
        Outcomes outcomes = new Outcomes(SCORING.width());
        outcomes.add(SquadScoring.row(Said.plainly("red fox"), List.of("fox", "red fox")));
        outcomes.add(SquadScoring.row(Said.plainly("red fox"), List.of("fox")));
        outcomes.add(SquadScoring.row(Said.plainly(""), List.of()));
        outcomes.add(SquadScoring.row(Said.plainly("no"), List.of()));
        Map<String, Double> metrics = SCORING.metrics(outcomes.all());
        double partly = 2 * 0.5 * 1 / 1.5;
        assertThat(metrics)
                .containsEntry("exact", 50.0)
                .containsEntry("f1", 100 * (2 + partly) / 4)
                .containsEntry("HasAns_exact", 50.0)
                .containsEntry("HasAns_f1", 100 * (1 + partly) / 2)
                .containsEntry("NoAns_exact", 50.0)
                .containsEntry("NoAns_f1", 50.0);
        assertThat(SCORING.details(outcomes.all()))
                .containsEntry("total", 4.0)
                .containsEntry("HasAns_total", 2.0)
                .containsEntry("NoAns_total", 2.0);
    }

    @Test
    void leavesTheSplitAwayWhereEveryQuestionHasAnAnswer() {
        Outcomes outcomes = new Outcomes(SCORING.width());
        outcomes.add(SquadScoring.row(Said.plainly("x"), List.of("x")));
        assertThat(SCORING.metrics(outcomes.all())).containsOnlyKeys("exact", "f1");
        assertThat(SCORING.details(outcomes.all())).containsOnlyKeys("total");
    }

    @Test
    void findsTheThresholdThatScoresBest() {
        Outcomes outcomes = new Outcomes(SCORING.width());
        outcomes.add(SquadScoring.row(new Said("", "fox", 1.5), List.of("fox")));
        outcomes.add(SquadScoring.row(new Said("", "hen", 0.5), List.of("hen")));
        outcomes.add(SquadScoring.row(new Said("", "cow", 1.0), List.of()));
        outcomes.add(SquadScoring.row(new Said("", "ox", 2.0), List.of()));
        assertThat(SCORING.details(outcomes.all()))
                .containsEntry("best_exact", 75.0)
                .containsEntry("best_exact_thresh", 0.5)
                .containsEntry("best_f1", 75.0);
    }

    @ParameterizedTest
    @CsvSource({
        "squad-v2, dev-public-v2.0.json.gz, bert-large",
        "squad-v2, dev-public-v2.0.json.gz, nlnet",
        "squad-v2, dev-public-v2.0.json.gz, bidaf-elmo",
        "squad-v1.1, dev-public-v1.1.json.gz, bert-large-ensemble",
        "squad-v1.1, dev-public-v1.1.json.gz, rnet-ensemble"
    })
    void reproducesTheOfficialFigures(String set, String file, String model) throws IOException {
        Path folder = Shared.require("data", set, "reference");
        JsonNode said = MAPPER.readTree(Files.readAllBytes(folder.resolve(model + ".predictions.json")));
        JsonNode expected = MAPPER.readTree(Files.readAllBytes(folder.resolve("expected-metrics.json")))
                .path(model);
        Outcomes outcomes = none();
        goldAnswers(Shared.require("data", set, file))
                .forEach((id, gold) ->
                        outcomes.add(SquadScoring.row(Said.plainly(said.get(id).textValue()), gold)));
        Map<String, Double> figures = figures(outcomes);
        List<String> compared = new ArrayList<>();
        expected.properties().forEach(entry -> {
            String name = entry.getKey().replace("exact_match", "exact");
            if (figures.containsKey(name)) {
                assertThat(figures.get(name))
                        .as(name)
                        .isEqualTo(entry.getValue().doubleValue(), within(0.0));
                compared.add(name);
            }
        });
        assertThat(compared).contains("exact", "f1").hasSizeGreaterThan(set.equals("squad-v2") ? 8 : 1);
    }

    private static Outcomes none() {
        return new Outcomes(SCORING.width());
    }

    private static Map<String, Double> figures(Outcomes outcomes) {
        Map<String, Double> figures = new LinkedHashMap<>(SCORING.details(outcomes.all()));
        figures.putAll(SCORING.metrics(outcomes.all()));
        return figures;
    }

    private static Map<String, List<String>> goldAnswers(Path file) throws IOException {
        Map<String, List<String>> answers = new LinkedHashMap<>();
        try (InputStream stream = new GZIPInputStream(Files.newInputStream(file))) {
            MAPPER.readTree(stream)
                    .path("data")
                    .forEach(article -> article.path("paragraphs")
                            .forEach(paragraph -> paragraph.path("qas").forEach(question -> {
                                List<String> texts = new ArrayList<>();
                                question.path("answers")
                                        .forEach(answer ->
                                                texts.add(answer.path("text").textValue()));
                                answers.put(question.path("id").textValue(), texts);
                            })));
        }
        return answers;
    }
}
