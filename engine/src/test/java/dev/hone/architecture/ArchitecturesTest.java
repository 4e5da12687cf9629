package dev.hone.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.checkpoint.Checkpoint;
import dev.hone.graph.Graph;
import dev.hone.graph.Op;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import dev.hone.testkit.ReferenceEncoder;
import dev.hone.testkit.SmallCheckpoint;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small random checkpoints of every architecture and head, and what is refused. */
final class ArchitecturesTest {
    private static final int WORDS = 11;
    private static final int HIDDEN = 6;
    private static final int INNER = 5;
    private static final int POSITIONS = 9;
    private static final TokenBatch BATCH = TokenBatch.of(new int[] {2, 5, 3}, new int[] {4, 10, 7, 2});

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "bert, BertModel, 'last_hidden_state:7x6 pooler_output:2x6'",
        "bert, BertForSequenceClassification, logits:2x3",
        "bert, BertForTokenClassification, logits:7x3",
        "bert, BertForQuestionAnswering, 'start_logits:7x1 end_logits:7x1'",
        "bert, BertForMaskedLM, logits:7x11",
        "roberta, RobertaForSequenceClassification, logits:2x3",
        "xlm-roberta, XLMRobertaForTokenClassification, logits:7x3",
        "camembert, CamembertForMaskedLM, logits:7x11",
        "roberta, RobertaForQuestionAnswering, 'start_logits:7x1 end_logits:7x1'",
        "electra, ElectraModel, last_hidden_state:7x6",
        "electra, ElectraForSequenceClassification, logits:2x3",
        "electra, ElectraForMaskedLM, logits:7x11",
        "distilbert, DistilBertModel, last_hidden_state:7x6",
        "distilbert, DistilBertForSequenceClassification, logits:2x3",
        "distilbert, DistilBertForTokenClassification, logits:7x3",
        "distilbert, DistilBertForMaskedLM, logits:7x11"
    })
    void everyHeadAnswersAndUsesAllWeights(String type, String name, String expected) {
        Map<String, String> found = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(checkpoint(type, name).write(directory))) {
            LoadedArchitecture loaded = Architectures.load(checkpoint);
            assertThat(loaded.unusedWeights()).isEmpty();
            try (ReferenceEncoder encoder = new ReferenceEncoder(loaded.graph(), POSITIONS)) {
                encoder.run(BATCH).byName().forEach((output, answer) -> {
                    assertThat(answer.values()).doesNotContain(Float.NaN);
                    found.put(output, answer.rows() + "x" + answer.width());
                });
            }
        }
        assertThat(found.toString()).isEqualTo("{" + expected.replace(" ", ", ").replace(":", "=") + "}");
    }

    @Test
    void bertAnswersAsItsDefinitionSays() {
        SmallCheckpoint made = checkpoint("bert", "BertModel");
        try (Checkpoint checkpoint = Checkpoint.open(made.write(directory));
                ReferenceEncoder encoder =
                        new ReferenceEncoder(Architectures.load(checkpoint).graph(), POSITIONS)) {
            int[] ids = {2, 5, 3};
            int[] types = {0, 1, 1};
            Output found = encoder.run(new TokenBatch(new int[][] {ids}, new int[][] {types}))
                    .get("last_hidden_state");
            double[][] wanted = new PlainBert(made, HIDDEN, 2).run(ids, types);
            for (int token = 0; token < ids.length; token++) {
                for (int column = 0; column < HIDDEN; column++) {
                    assertThat((double) found.values()[token * HIDDEN + column])
                            .isCloseTo(wanted[token][column], Offset.offset(2e-6));
                }
            }
        }
    }

    @Test
    void embeddingsNarrowerThanRowsAreProjected() {
        Graph graph = load(checkpoint("electra", "ElectraModel"));
        assertThat(graph.nodes().get(1).op()).isInstanceOf(Op.Linear.class);
        assertThat(graph.nodes().get(0).output().shape().last().value()).isEqualTo(4);
    }

    @Test
    void unusedWeightsAreReported() {
        SmallCheckpoint made = checkpoint("bert", "BertModel").tensor("cls.seq_relationship.weight", 2, HIDDEN);
        try (Checkpoint checkpoint = Checkpoint.open(made.write(directory))) {
            assertThat(Architectures.load(checkpoint).unusedWeights()).containsExactly("cls.seq_relationship.weight");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model_type, gpt2, gpt2, camembert",
        "hidden_act, mish, mish, gelu_pytorch_tanh",
        "position_embedding_type, relative_key, relative_key, absolute"
    })
    void unknownKindsAreRefusedWithTheKnownOnes(String key, String value, String named, String known) {
        SmallCheckpoint made = checkpoint("bert", "BertModel").set(key, value);
        assertThatThrownBy(() -> load(made))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(named)
                .hasMessageContaining(known)
                .hasMessageContaining("config.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BertForMultipleChoice", "BertLMHeadModel", "BertDoubleHeadsModel"})
    void unknownHeadIsRefused(String name) {
        SmallCheckpoint made = checkpoint("bert", "BertModel").architecture(name);
        assertThatThrownBy(() -> load(made))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("ForTokenClassification");
    }

    @Test
    void missingAndMisshapenWeightsAreNamed() {
        String name = "bert.encoder.layer.0.intermediate.dense.weight";
        assertThatThrownBy(() -> load(checkpoint("bert", "BertModel").without(name)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("model.safetensors: the weight")
                .hasMessageContaining("encoder.layer.0.intermediate.dense.weight is missing");
        assertThatThrownBy(() -> load(checkpoint("bert", "BertModel").tensor(name, 7, 2)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("model.safetensors: the weight encoder.layer.0.intermediate.dense.weight has")
                .hasMessageContaining("[7, 2]")
                .hasMessageContaining("[5, 6]");
    }

    @ParameterizedTest
    @CsvSource({"hidden_size, 0", "vocab_size, -1", "num_hidden_layers, 2000000000"})
    void absurdSizesAreRefused(String key, int value) {
        assertThatThrownBy(() -> load(checkpoint("bert", "BertModel").set(key, value)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(key + " is " + value);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1e-12, 1.5, 1e300})
    void absurdEpsilonsAreRefused(double value) {
        assertThatThrownBy(() -> load(checkpoint("bert", "BertModel").set("layer_norm_eps", value)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("config.json: layer_norm_eps is " + value);
    }

    @Test
    void electraTablesAreNarrowWhereTheConfigurationIsSilent() {
        SmallCheckpoint made = checkpoint("electra", "ElectraModel").unset("embedding_size");
        assertThatThrownBy(() -> load(made))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("word_embeddings.weight has the shape [11, 4], expected [11, 128]");
    }

    @Test
    void headsThatDoNotShareTheRowsAreRefused() {
        assertThatThrownBy(() -> load(checkpoint("bert", "BertModel").set("num_attention_heads", 4)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("4 heads");
    }

    private Graph load(SmallCheckpoint made) {
        try (Checkpoint checkpoint = Checkpoint.open(made.write(directory))) {
            return Architectures.load(checkpoint).graph();
        }
    }

    private static SmallCheckpoint checkpoint(String type, String name) {
        SmallCheckpoint made = new SmallCheckpoint(3).set("model_type", type).architecture(name);
        made.set("vocab_size", WORDS).set("max_position_embeddings", POSITIONS).set("pad_token_id", 1);
        if (type.equals("distilbert")) {
            made.set("dim", HIDDEN).set("hidden_dim", INNER).set("n_layers", 1).set("n_heads", 2);
            made.set("activation", "gelu");
        } else {
            made.set("hidden_size", HIDDEN).set("intermediate_size", INNER).set("type_vocab_size", 2);
            made.set("num_hidden_layers", 1).set("num_attention_heads", 2).set("hidden_act", "gelu");
        }
        encoder(made, type, type.equals("xlm-roberta") || type.equals("camembert") ? "roberta." : type + ".");
        head(made, type, name.replaceAll("^.*For", ""));
        return made;
    }

    private static void encoder(SmallCheckpoint made, String type, String prefix) {
        int width = type.equals("electra") ? 4 : HIDDEN;
        String embeddings = prefix + "embeddings.";
        made.tensor(embeddings + "word_embeddings.weight", WORDS, width);
        made.tensor(embeddings + "position_embeddings.weight", POSITIONS, width);
        made.norm(embeddings + "LayerNorm", width);
        if (type.equals("distilbert")) {
            String layer = prefix + "transformer.layer.0.";
            for (String part : new String[] {"q_lin", "k_lin", "v_lin", "out_lin"}) {
                made.linear(layer + "attention." + part, HIDDEN, HIDDEN);
            }
            made.norm(layer + "sa_layer_norm", HIDDEN).norm(layer + "output_layer_norm", HIDDEN);
            made.linear(layer + "ffn.lin1", INNER, HIDDEN).linear(layer + "ffn.lin2", HIDDEN, INNER);
            return;
        }
        made.tensor(embeddings + "token_type_embeddings.weight", 2, width);
        if (width != HIDDEN) {
            made.set("embedding_size", width).linear(prefix + "embeddings_project", HIDDEN, width);
        }
        String layer = prefix + "encoder.layer.0.";
        for (String part : new String[] {"self.query", "self.key", "self.value", "output.dense"}) {
            made.linear(layer + "attention." + part, HIDDEN, HIDDEN);
        }
        made.norm(layer + "attention.output.LayerNorm", HIDDEN).norm(layer + "output.LayerNorm", HIDDEN);
        made.linear(layer + "intermediate.dense", INNER, HIDDEN).linear(layer + "output.dense", HIDDEN, INNER);
    }

    private static void head(SmallCheckpoint made, String type, String kind) {
        switch (kind) {
            case "SequenceClassification" -> sequenceHead(made, type);
            case "TokenClassification" -> made.linear("classifier", 3, HIDDEN);
            case "QuestionAnswering" -> made.linear("qa_outputs", 2, HIDDEN);
            case "MaskedLM" -> maskedHead(made, type);
            case "BertModel" -> made.linear("bert.pooler.dense", HIDDEN, HIDDEN);
            default -> assertThat(kind).endsWith("Model");
        }
    }

    private static void sequenceHead(SmallCheckpoint made, String type) {
        switch (type) {
            case "bert" -> made.linear("bert.pooler.dense", HIDDEN, HIDDEN).linear("classifier", 3, HIDDEN);
            case "distilbert" -> made.linear("pre_classifier", HIDDEN, HIDDEN).linear("classifier", 3, HIDDEN);
            default -> made.linear("classifier.dense", HIDDEN, HIDDEN).linear("classifier.out_proj", 3, HIDDEN);
        }
    }

    private static void maskedHead(SmallCheckpoint made, String type) {
        switch (type) {
            case "bert" ->
                made.linear("cls.predictions.transform.dense", HIDDEN, HIDDEN)
                        .norm("cls.predictions.transform.LayerNorm", HIDDEN)
                        .tensor("cls.predictions.bias", WORDS);
            case "electra" ->
                made.linear("generator_predictions.dense", 4, HIDDEN)
                        .norm("generator_predictions.LayerNorm", 4)
                        .tensor("generator_lm_head.bias", WORDS);
            case "distilbert" ->
                made.linear("vocab_transform", HIDDEN, HIDDEN)
                        .norm("vocab_layer_norm", HIDDEN)
                        .linear("vocab_projector", WORDS, HIDDEN);
            default ->
                made.linear("lm_head.dense", HIDDEN, HIDDEN)
                        .norm("lm_head.layer_norm", HIDDEN)
                        .tensor("lm_head.bias", WORDS);
        }
    }
}
