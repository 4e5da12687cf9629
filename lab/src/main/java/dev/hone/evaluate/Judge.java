package dev.hone.evaluate;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.Prediction.Found;
import dev.hone.evaluate.Prediction.Grade;
import dev.hone.evaluate.Prediction.Logits;
import dev.hone.evaluate.Prediction.Tags;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.metric.AgreementScoring;
import dev.hone.evaluate.metric.EntityScoring;
import dev.hone.evaluate.metric.GradeScoring;
import dev.hone.evaluate.metric.LabelScoring;
import dev.hone.evaluate.metric.Outcomes;
import dev.hone.evaluate.metric.Scoring;
import dev.hone.evaluate.metric.SquadScoring;
import dev.hone.task.TaskConfiguration;
import java.util.List;
import java.util.Set;

/** Compares what a model says with what is right, and with what another model says. */
public sealed interface Judge {
    /** Makes figures of the outcomes. */
    Scoring scoring();

    /** Makes figures of the agreement of two models. */
    AgreementScoring agreement();

    /**
     * Looks at what is right for a row before a model has answered it.
     *
     * @throws HoneException of category {@code INPUT} when the model cannot say it, such as an unknown label
     */
    default void check(Example example) {
        // Grades, tags and answers can be anything.
    }

    /** What is kept of a row. */
    double[] outcome(Example example, Prediction prediction);

    /** The names of the figures that some rows give, before a model has answered them. */
    default Set<String> figures(List<Example> rows) {
        return scoring().names();
    }

    /** What is kept of two predictions for the same row. */
    double[] agreement(Prediction original, Prediction other);

    /** The judge of a task for a model; its labels are those of the configuration. */
    static Judge of(DataTask task, TaskConfiguration configuration) {
        return switch (task.kind()) {
            case LABELS -> new Labels(LabelMap.of(task, configuration.labels()));
            case GRADES -> new Grades(TaskPredictor.gradesByCosine(configuration) ? "cosine_" : "");
            case TAGS -> new WordTags();
            case QUESTIONS -> new Answers();
        };
    }

    /** One label a row. */
    record Labels(LabelMap map) implements Judge {
        @Override
        public Scoring scoring() {
            return new LabelScoring(map.size());
        }

        @Override
        public AgreementScoring agreement() {
            return AgreementScoring.LOGITS;
        }

        @Override
        public void check(Example example) {
            map.of((Example.Labelled) example);
        }

        @Override
        public double[] outcome(Example example, Prediction prediction) {
            float[] logits = ((Logits) prediction).values();
            if (logits.length != map.size()) {
                throw new HoneException(
                        Category.USAGE,
                        "the model gives " + logits.length + " logits for " + map.size()
                                + " labels; name its labels in their order with --labels A,B");
            }
            return LabelScoring.row(map.of((Example.Labelled) example), AgreementScoring.best(logits));
        }

        @Override
        public double[] agreement(Prediction original, Prediction other) {
            return AgreementScoring.row(((Logits) original).values(), ((Logits) other).values());
        }
    }

    /** A grade a row; the prefix stands before the figures' names. */
    record Grades(String prefix) implements Judge {
        @Override
        public Scoring scoring() {
            return new GradeScoring(prefix);
        }

        @Override
        public AgreementScoring agreement() {
            return AgreementScoring.GRADES;
        }

        @Override
        public double[] outcome(Example example, Prediction prediction) {
            return GradeScoring.row(((Example.Graded) example).grade(), ((Grade) prediction).value());
        }

        @Override
        public double[] agreement(Prediction original, Prediction other) {
            return AgreementScoring.row(((Grade) original).value(), ((Grade) other).value());
        }
    }

    /** A tag a word. */
    record WordTags() implements Judge {
        @Override
        public Scoring scoring() {
            return new EntityScoring();
        }

        @Override
        public AgreementScoring agreement() {
            return AgreementScoring.ANSWERS;
        }

        @Override
        public double[] outcome(Example example, Prediction prediction) {
            return EntityScoring.row(((Example.Tagged) example).tags(), ((Tags) prediction).tags());
        }

        @Override
        public double[] agreement(Prediction original, Prediction other) {
            return AgreementScoring.row(original.equals(other));
        }
    }

    /** An answer a question. */
    record Answers() implements Judge {
        @Override
        public Scoring scoring() {
            return new SquadScoring();
        }

        @Override
        public AgreementScoring agreement() {
            return AgreementScoring.ANSWERS;
        }

        @Override
        public double[] outcome(Example example, Prediction prediction) {
            Found found = (Found) prediction;
            return SquadScoring.row(
                    new SquadScoring.Said(found.answer(), found.best(), found.nullMargin()),
                    ((Example.Asked) example).answers());
        }

        /** There are more where some questions have an answer and some have none. */
        @Override
        public Set<String> figures(List<Example> rows) {
            Outcomes unanswered = new Outcomes(scoring().width());
            rows.forEach(row -> unanswered.add(outcome(row, new Found("", "", 0))));
            return scoring().metrics(unanswered.all()).keySet();
        }

        @Override
        public double[] agreement(Prediction original, Prediction other) {
            return AgreementScoring.row(((Found) original).answer().equals(((Found) other).answer()));
        }
    }
}
