package dev.hone.evaluate.data;

import dev.hone.hub.Hub;
import dev.hone.hub.HubName;
import dev.hone.hub.HubName.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Data sets by their names on the hub: {@code hf:OWNER/NAME}, with more words behind slashes that choose among its
 * files, such as {@code hf:nyu-mll/glue/sst2} or {@code hf:nyu-mll/glue/mnli/validation_matched}.
 */
public final class HubData {
    /** The hub's copies of GLUE keep the rows of their test parts and not the labels. */
    private static final List<String> PARTS = List.of("validation", "dev", "test");

    private HubData() {}

    /** Whether a place is a name on the hub. */
    public static boolean isName(String place) {
        return place.startsWith(HubName.SCHEME);
    }

    /**
     * The file to evaluate on, fetched first where it is not there: of the validation part, else of the test part. One
     * that was cut into several is fetched whole.
     *
     * @throws dev.hone.HoneException when there is none, several fit, or it cannot be had
     */
    public static DataFile find(String place, DataTask task, Hub hub) {
        String bare = place.substring(HubName.SCHEME.length());
        int at = bare.indexOf('@');
        String revision = at < 0 ? "" : bare.substring(at);
        List<String> words = Arrays.asList((at < 0 ? bare : bare.substring(0, at)).split("/", -1));
        List<HubName> readings = new ArrayList<>();
        for (int length = Math.min(2, words.size()); length > 0; length--) {
            readings.add(HubName.parse(Kind.DATA, String.join("/", words.subList(0, length)) + revision));
        }
        HubName name = hub.firstKnown(readings);
        List<String> wanted = words.subList(name.id().split("/", -1).length, words.size());
        List<DataFile> chosen = new ArrayList<>();
        Path folder = hub.fetch(name, files -> {
            chosen.clear();
            chosen.add(choose(files, wanted, place, task));
            return chosen.getFirst().shards().stream().map(Path::toString).toList();
        });
        DataFile file = chosen.getFirst();
        return new DataFile(
                folder.resolve(file.path()),
                file.shards().stream().map(folder::resolve).toList());
    }

    private static DataFile choose(List<String> files, List<String> wanted, String place, DataTask task) {
        List<DataFile> fitting = ShardNames.joined(files.stream().map(Path::of).toList()).stream()
                .filter(file -> DataSets.suffixes(task).contains(file.suffix()))
                .filter(file -> wanted.stream().allMatch(word -> has(file, word)))
                .toList();
        return DataSets.choose(fitting, PARTS, place, task);
    }

    /** Whether one of a file's folders has the name, or the file begins with it. */
    private static boolean has(DataFile file, String word) {
        for (Path part : file.path()) {
            if (part.toString().equals(word)) {
                return true;
            }
        }
        return file.unpackedName().startsWith(word);
    }
}
