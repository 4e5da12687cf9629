package dev.hone.hub;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.ExternalData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which files of a model's repository are needed to run it. */
final class ModelChoice {
    private static final Set<String> SMALL = Set.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "modules.json",
            "sentence_bert_config.json");
    private static final Pattern MODULE = Pattern.compile("[0-9]+_[A-Za-z]+/config\\.json");
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Pattern SHARD = Pattern.compile("model-([0-9]{5})-of-([0-9]{5})\\.safetensors");
    private static final List<String> ONNX = List.of("model.onnx", "onnx/model.onnx");

    private ModelChoice() {}

    /** @throws HoneException when there are no weights in a format that is read, or not all of them */
    static List<String> of(HubName name, List<String> files) {
        List<String> chosen = new ArrayList<>();
        files.stream()
                .filter(file -> SMALL.contains(file) || MODULE.matcher(file).matches())
                .forEach(chosen::add);
        chosen.addAll(weights(name, files));
        return List.copyOf(chosen);
    }

    private static List<String> weights(HubName name, List<String> files) {
        if (files.contains(SINGLE)) {
            return List.of(SINGLE);
        }
        if (files.contains(INDEX)) {
            return shards(name, files);
        }
        Optional<String> onnx = ONNX.stream().filter(files::contains).findFirst();
        if (onnx.isPresent()) {
            List<String> externalData = ExternalData.usualNames(onnx.get());
            return files.stream()
                    .filter(file -> file.equals(onnx.get()) || externalData.contains(file))
                    .toList();
        }
        throw new HoneException(
                Category.CHECKPOINT,
                name + ": none of " + SINGLE + ", " + INDEX + " and " + ONNX
                        + " is there; choose a revision that has one, or convert the model");
    }

    private static List<String> shards(HubName name, List<String> files) {
        List<String> shards =
                files.stream().filter(file -> SHARD.matcher(file).matches()).toList();
        for (String shard : shards) {
            Matcher matcher = SHARD.matcher(shard);
            if (matcher.matches() && Integer.parseInt(matcher.group(2)) != shards.size()) {
                throw new HoneException(
                        Category.CHECKPOINT, name + ": only " + shards.size() + " shards beside " + shard);
            }
        }
        List<String> chosen = new ArrayList<>(shards);
        chosen.add(INDEX);
        return chosen;
    }
}
