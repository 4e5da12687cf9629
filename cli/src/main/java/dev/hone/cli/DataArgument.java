package dev.hone.cli;

import dev.hone.evaluate.data.DataFile;
import dev.hone.evaluate.data.DataSets;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.HubData;
import dev.hone.hub.Hub;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the data that an option names: a file, a directory, or a name on the hub. */
final class DataArgument {
    private DataArgument() {}

    /** @throws dev.hone.HoneException when there is no such place or no file for the task */
    static DataFile find(Path place, DataTask task, PrintWriter err) {
        return isOnHub(place) ? fetched(place, task, err) : DataSets.find(place, task);
    }

    /** As {@link #find}, but of a directory all labelled parts that are not for training. */
    static List<DataFile> findAll(Path place, DataTask task, PrintWriter err) {
        return isOnHub(place) ? List.of(fetched(place, task, err)) : DataSets.findAll(place, task);
    }

    /** Whether a place is a name on the hub, and not a local file of that name. */
    static boolean isOnHub(Path place) {
        return HubData.isName(place.toString()) && !Files.exists(place);
    }

    private static DataFile fetched(Path place, DataTask task, PrintWriter err) {
        return HubData.find(place.toString(), task, Hub.ofEnvironment(new HubProgress(err)));
    }
}
